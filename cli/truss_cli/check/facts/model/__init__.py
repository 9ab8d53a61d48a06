"""The Model class: its members, by whatever way it comes to have them."""
