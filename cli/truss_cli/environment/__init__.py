"""The environment that config.yaml describes: resolved by uv, built once in the user's cache."""
