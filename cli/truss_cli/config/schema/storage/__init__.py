"""The sections of files and weights that a truss brings or mounts."""
