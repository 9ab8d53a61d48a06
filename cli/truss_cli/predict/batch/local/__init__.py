"""The engine of one process: lines in turn, in threads, or as coroutines of one event loop."""
