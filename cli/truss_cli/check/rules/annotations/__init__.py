"""TRS201 to TRS205, TRS209: return annotations."""
