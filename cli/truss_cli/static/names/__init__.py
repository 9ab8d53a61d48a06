"""Names: scopes, imports, classes and annotations of the own files of a truss."""
