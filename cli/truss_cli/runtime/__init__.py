"""A loaded model, called as the server calls it; `predict` and `serve` share it."""
