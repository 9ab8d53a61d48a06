"""The lines that are in flight at a time, and by when the first of them must be answered."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from truss_cli.predict.batch.traffic.answers import AnswerWriter
    from truss_cli.runtime.process.lifetime.deadline import Deadline


class Flight:
    """Keeps the deadline at that of the line that began first; not safe to use from two threads at once."""

    def __init__(self, deadline: Deadline, timeout: float | None, out: AnswerWriter) -> None:
        """Allow each line so many seconds, but for those `out` waits for a reader; with None any time."""
        self._deadline = deadline
        self._out = out
        self._timeout = timeout
        self._began: dict[int, float] = {}

    def begin(self, number: int) -> None:
        """Note that a line is begun."""
        if self._timeout:
            self._began[number] = time.monotonic()
            if len(self._began) == 1:
                self._deadline.start(self._timeout)

    def end(self, number: int) -> None:
        """Note that a line is answered."""
        if self._timeout:
            del self._began[number]
            first = next(iter(self._began.values()), None)
            if first is None:
                self._deadline.stop()
            else:
                self._deadline.start(self._timeout, since=max(first, self._out.waited_until))
