"""The static reader: knowledge of a truss's Python code, obtained without running it."""
