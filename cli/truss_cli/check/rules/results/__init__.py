"""TRS206, TRS207, TRS210, TRS211: what methods return or yield."""
