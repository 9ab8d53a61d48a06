"""The files of a new truss: planned, and written to a folder that can take them."""
