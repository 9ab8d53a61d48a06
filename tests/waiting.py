"""Waiting for events: an idle machine needs milliseconds, and a busy one is not a failure."""

import time
from collections.abc import Callable

SECONDS = 120.0
"""Time after which an event is never going to happen."""


def wait_until(condition: Callable[[], object]) -> None:
    """Return as soon as a condition is true."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "this never happens"
        time.sleep(0.01)
