"""Code that the server runs, and that raises."""
