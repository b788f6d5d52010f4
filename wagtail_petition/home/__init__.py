"""Where people vote who live abroad: schemes of each country's regions, districts, constituencies."""
