"""The process the model runs in, and the one that supervises it."""
