"""The contents of the image that a truss is built into: files, environment variables and packages."""
