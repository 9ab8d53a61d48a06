"""What `truss serve` prints."""
