"""What the methods of a model return."""
