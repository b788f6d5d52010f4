"""Create blocks from a pasted table or list, from a document, a spreadsheet or an email."""
