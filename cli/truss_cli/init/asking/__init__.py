"""Questions about a new truss, and their answers: from the command line, a terminal, or the defaults."""
