"""Deliveries: exactly these signatures, handed to one recipient, with proof."""
