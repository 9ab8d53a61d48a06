"""How long a worker and what it starts may live."""
