"""`truss init --update`: what is new in a template is merged into a truss that was made from it."""
