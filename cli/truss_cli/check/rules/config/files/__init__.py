"""TRS515 to TRS517: files that config.yaml names."""
