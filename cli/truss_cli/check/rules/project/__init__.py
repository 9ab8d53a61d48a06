"""TRS0xx: the files of a truss, and its imports."""
