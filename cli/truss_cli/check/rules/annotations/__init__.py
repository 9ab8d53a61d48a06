"""TRS201 to TRS205, TRS209, TRS213, TRS214: return annotations."""
