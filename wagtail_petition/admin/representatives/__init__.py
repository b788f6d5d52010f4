"""The representatives of a petition's signers."""
