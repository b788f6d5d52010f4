"""Public views besides the page: count, signers, embed, paper form, card; and the metadata."""
