"""The time by which the worker must get on, in memory that its supervisor shares."""

from __future__ import annotations

import contextlib
import mmap
import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEADLINE, _PERIOD = 0, 1


def open_memory() -> int:
    """Open a file without a name, in memory where the system can."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("truss")
    import tempfile  # noqa: PLC0415 - takes a while to import

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


class Deadline:
    """A clock that the worker sets and the supervisor reads, without a message or a lock between them.

    Setting it costs less than a microsecond, so it can be done for each chunk of
    a stream, and the supervisor can read it while the worker is stuck in C code.
    Times are of the monotonic clock, which parent and child share.
    """

    def __init__(self, descriptor: int | None = None) -> None:
        """Set a new clock, or one that another process has set, by the descriptor of its memory."""
        if descriptor is None:
            descriptor = open_memory()
            os.ftruncate(descriptor, mmap.PAGESIZE)
        self.descriptor = descriptor
        self._cells = memoryview(mmap.mmap(descriptor, mmap.PAGESIZE)).cast("d")

    def start(self, seconds: float | None, since: float | None = None) -> None:
        """Let the worker be late after so many seconds, from now or a monotonic time; with None never."""
        self._cells[_PERIOD] = seconds or 0.0
        began = time.monotonic() if since is None else since
        self._cells[_DEADLINE] = began + seconds if seconds else 0.0

    def stop(self) -> None:
        """Stop the clock, perhaps to start it again for the same period."""
        self._cells[_DEADLINE] = 0.0

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Let the clock stand still, for what is no delay of the worker's, such as a slow reader."""
        deadline, began = self._cells[_DEADLINE], time.monotonic()
        self._cells[_DEADLINE] = 0.0
        try:
            yield
        finally:
            if deadline:
                self._cells[_DEADLINE] = deadline + time.monotonic() - began

    @contextlib.contextmanager
    def restarted(self) -> Iterator[None]:
        """Let the clock stand still, then start it for its whole period again, if it was running."""
        running = self._cells[_DEADLINE] != 0.0
        self._cells[_DEADLINE] = 0.0
        try:
            yield
        finally:
            if running:
                self.start(self._cells[_PERIOD])

    def close(self) -> None:
        """Close the descriptor of the clock's memory; what was mapped stays."""
        os.close(self.descriptor)

    @property
    def period(self) -> float:
        """Seconds the clock was last set to; 0 if never."""
        return self._cells[_PERIOD]

    def remaining(self) -> float | None:
        """Seconds until it is worth looking again, not above 0 if the worker is late; None: no need to."""
        deadline = self._cells[_DEADLINE]
        if deadline:
            return deadline - time.monotonic()
        # While it stands still it can only be started again, so it cannot run out within a period.
        return self._cells[_PERIOD] or None
