"""TRS112 to TRS116, TRS120: making an instance, `__init__` and `load`."""
