"""The text of config.yaml: values with a position for every key, or why it cannot be read."""
