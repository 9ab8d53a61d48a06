"""Types as they are written in the source of a model."""
