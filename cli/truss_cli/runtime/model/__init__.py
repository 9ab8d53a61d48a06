"""The model: loaded, given its input and called in the server's order."""
