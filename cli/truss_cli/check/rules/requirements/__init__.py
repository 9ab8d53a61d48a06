"""Rules on what the truss requires: its packages, and the machine that they need."""
