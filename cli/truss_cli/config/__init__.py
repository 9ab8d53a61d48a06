"""config.yaml: reading it with positions, its schema, and what is wrong with it."""
