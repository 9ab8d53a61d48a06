"""Scaffold, validate and run trusses."""

__version__ = "0.1.0"
