"""The view of a model's process on its files: those of the image, in a stage."""
