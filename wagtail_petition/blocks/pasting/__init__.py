"""Blocks from what an editor pastes: a table or list of a document, a spreadsheet or an email."""
