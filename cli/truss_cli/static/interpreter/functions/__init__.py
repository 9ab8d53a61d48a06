"""Library functions whose results follow from their arguments, written by hand."""
