"""Waiting for events: an idle machine needs milliseconds, and a busy one is not a failure."""

import time
from collections.abc import Callable
from pathlib import Path

SECONDS = 120.0
"""Time after which an event is never going to happen."""


def wait_until(condition: Callable[[], object]) -> None:
    """Return as soon as a condition is true."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "this never happens"
        time.sleep(0.01)


def is_running(process: int | str) -> bool:
    """Return whether a process exists and has not ended; its parent may not have noticed the end."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
