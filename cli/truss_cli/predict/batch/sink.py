"""Where records go, in their order: stdout or a file."""

import contextlib
import os
import threading
import time

from truss_cli.errors import ExitCode, TrussError
from truss_cli.predict.batch.record import Record
from truss_cli.predict.batch.tally import Tally
from truss_cli.runtime.output.writer import OutputWriter
from truss_cli.runtime.process.deadline import Deadline

_BUFFER_BYTES = 1 << 16
_FLUSH_SECONDS = 0.1
_SYNC_SECONDS = 1.0


class Sink:
    """Writes records, counts them, and stops at the first error if it is to."""

    def __init__(
        self, output: OutputWriter, tally: Tally, deadline: Deadline, *, descriptor: int, stop_at_error: bool
    ) -> None:
        self._output = output
        self._tally = tally
        self._deadline = deadline
        self._descriptor = descriptor
        self._stop_at_error = stop_at_error
        self._lines: list[bytes] = []
        self._size = 0
        self._lock = threading.RLock()
        """The run's last flush, on Ctrl-C say, may come while another thread puts a record."""
        self._flushed = self._synced = time.monotonic()

    def put(self, record: Record) -> None:
        """Take the next record; raise TrussError for an error if errors end the run."""
        number, line, error = record
        if error is not None and self._stop_at_error:
            self.flush()
            message = f"line {number}: {error.message}"
            raise TrussError(message, hint=error.hint, detail=error.detail, exit_code=ExitCode.FAULT)
        with self._lock:
            self._tally.count(number, error)
            self._lines.append(line)
            self._size += len(line)
        if self._size > _BUFFER_BYTES or time.monotonic() - self._flushed > _FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what is held; now and then have the system write it to the disk."""
        with self._lock, self._deadline.paused():
            now = self._flushed = time.monotonic()
            if self._lines:
                lines, self._lines, self._size = self._lines, [], 0  # so that none is written twice
                self._output.write(b"\n".join([*lines, b""]))
            if now - self._synced > _SYNC_SECONDS:
                self._synced = now
                with contextlib.suppress(OSError):  # a pipe cannot be synced
                    os.fsync(self._descriptor)
