"""`truss init`: a template and some answers become the files of a new truss."""
