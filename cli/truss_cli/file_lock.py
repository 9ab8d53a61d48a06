"""Locks on files and folders, by which a run recognizes leftovers of killed runs."""

from __future__ import annotations

import importlib.util
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HAS_LOCKS = importlib.util.find_spec("fcntl") is not None
"""Windows has none of this kind."""


def try_lock(descriptor: int) -> bool:
    """Lock an open file or folder; return whether no other process has. The system unlocks it on close."""
    if not HAS_LOCKS:
        return True
    import fcntl  # noqa: PLC0415 - not on Windows

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def wait_to_share(descriptor: int) -> None:
    """Lock an open file or folder together with other processes that share it."""
    if HAS_LOCKS:
        import fcntl  # noqa: PLC0415 - not on Windows

        fcntl.flock(descriptor, fcntl.LOCK_SH)


def is_locked(path: Path) -> bool:
    """Return whether a process has locked a file or folder; raise OSError if it cannot be opened."""
    if not HAS_LOCKS:
        return False
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return not try_lock(descriptor)
    finally:
        os.close(descriptor)
