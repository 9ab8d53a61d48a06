class Model:
    """Café."""
