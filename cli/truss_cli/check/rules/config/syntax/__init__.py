"""TRS501 to TRS505: a config.yaml that cannot be read."""
