"""TRS201 to TRS205, TRS209, TRS213: return annotations."""
