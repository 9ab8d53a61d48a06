"""Static reading of Python source, with no knowledge of trusses."""
