"""Abstract values, and the state of a run that holds them."""
