"""Templates: found, read, bounded and rendered."""
