"""TRS101 to TRS104: the class of the model and its members."""
