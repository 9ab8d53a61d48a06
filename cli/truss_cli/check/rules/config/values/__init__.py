"""TRS511 to TRS514 and TRS518 to TRS521: values."""
