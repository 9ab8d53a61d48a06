"""What is known of one truss: its Model class, attributes, values and secrets."""
