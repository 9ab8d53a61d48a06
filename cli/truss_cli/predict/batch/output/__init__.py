"""The file that answers go to, and going on with one that an earlier run has left."""
