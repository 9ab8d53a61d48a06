"""The HTTP server of a worker: the deployed routes and their answers, over ASGI."""
