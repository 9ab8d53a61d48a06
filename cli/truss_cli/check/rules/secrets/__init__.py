"""TRS4xx: secrets."""
