"""What everybody may read beside the page: count, signers, embed, paper sheet, card, metadata."""
