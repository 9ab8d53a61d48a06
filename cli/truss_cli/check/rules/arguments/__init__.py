"""TRS105 to TRS108, TRS118, TRS119: what methods may take."""
