"""Where results go: the private descriptor of what was stdout."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from truss_cli.errors import TrussError
from truss_cli.runtime.process.standard_streams import write_all

if TYPE_CHECKING:
    from truss_cli.runtime.process.lifetime.deadline import Deadline


class OutputClosedError(Exception):
    """Whoever read the results has gone, which is no fault."""


class OutputWriter:
    """Writes bytes at once, unbuffered, and counts them.

    A `deadline` stands still meanwhile, as a slow reader is no delay of the
    model's, and then starts anew.
    """

    def __init__(self, descriptor: int, deadline: Deadline | None = None) -> None:
        self._descriptor = descriptor
        self._deadline = deadline
        self.chunks = 0
        self.bytes = 0
        self.first_at: float | None = None
        """Monotonic time of the first write."""

    def write(self, data: bytes) -> None:
        """Write all bytes; raise OutputClosedError when nobody reads them, TrussError for a full disk."""
        if not data:
            return
        if self.first_at is None:
            self.first_at = time.monotonic()
        self.chunks += 1
        self.bytes += len(data)
        try:
            with self._deadline.restarted() if self._deadline else contextlib.nullcontext():
                write_all(self._descriptor, data)
        except BrokenPipeError:
            raise OutputClosedError from None
        except OSError as error:
            raise TrussError(f"the result cannot be written: {error.strerror}") from None

    def end(self) -> None:
        """Nothing follows."""

    def write_json(self, line: bytes) -> None:
        """Write a JSON text and a line end."""
        self.write(line + b"\n")
