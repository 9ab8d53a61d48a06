"""Python files: decoded, parsed, walked and edited."""
