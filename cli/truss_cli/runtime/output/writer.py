"""Where results go: the private descriptor of what was stdout."""

import time

from truss_cli.errors import TrussError
from truss_cli.runtime.process.standard_streams import write_all


class OutputClosedError(Exception):
    """Whoever read the results has gone, which is no fault."""


class OutputWriter:
    """Writes bytes at once, unbuffered, and counts them."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
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
