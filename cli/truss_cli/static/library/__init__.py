"""Generated knowledge of the standard library and of common packages."""
