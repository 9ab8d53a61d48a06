"""TRS112 to TRS116: `__init__` and `load`."""
