"""The secrets that a model reads."""
