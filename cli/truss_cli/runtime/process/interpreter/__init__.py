"""The worker in another Python than the tool's own."""
