"""Calling a loaded model: the input, the request, the steps, and where they run."""
