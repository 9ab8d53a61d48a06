"""The paths that git ignores, determined without running git."""
