"""What the model returns, written as the server sends it."""
