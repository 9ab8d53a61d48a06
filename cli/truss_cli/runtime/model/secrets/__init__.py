"""The secrets that a model is given."""
