"""Environment variables that a deployment lacks or changes."""
