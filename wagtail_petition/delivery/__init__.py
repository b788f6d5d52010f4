"""Deliveries: an exact set of signatures for one recipient, with a manifest as proof."""
