"""Versions of Python, as the tables number them."""

Version = tuple[int, int]
"""A major and a minor version."""

_MAJOR = 3


def minor_version(version: Version) -> int:
    """Return the minor version of a Python 3, and 0 for any other."""
    return version[1] if version[0] == _MAJOR else 0
