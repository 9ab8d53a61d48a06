"""TRS3xx: coroutines."""
