"""`truss doctor`: what a truss wants, and what this machine has."""
