"""The interpreter of abstract values: statements, expressions and calls."""
