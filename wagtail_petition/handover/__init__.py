"""The private page of a delivery's recipient."""
