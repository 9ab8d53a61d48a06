"""TRS5xx: config.yaml."""
