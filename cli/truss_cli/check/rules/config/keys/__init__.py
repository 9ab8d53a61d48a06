"""TRS506 to TRS510: keys."""
