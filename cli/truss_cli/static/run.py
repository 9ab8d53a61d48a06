"""An abstract run of a truss."""
