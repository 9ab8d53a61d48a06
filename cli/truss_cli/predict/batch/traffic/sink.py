"""Where answers go, in their order: standard output or a file."""

import contextlib
import os
import select
import stat
import time

from truss_cli.errors import TrussError
from truss_cli.predict.batch.record import FAILURE_MARK, Failure
from truss_cli.predict.batch.tally import Tally
from truss_cli.runtime.output.writer import OutputClosedError

_MOST_HELD = 1 << 20
_SYNC_SECONDS = 1.0


class Sink:
    """The supervisor's end of the answers: counts them, and writes them without waiting for a slow reader."""

    def __init__(self, descriptor: int, tally: Tally, answered: int, *, stop_at_error: bool) -> None:
        """Write to a descriptor; an earlier run has answered so many lines."""
        self.descriptor = descriptor
        self.answered = answered
        """The number of the last line that has its answer."""
        self._tally = tally
        self._stop_at_error = stop_at_error
        self._begun = b""
        """Of an answer that is not all there."""
        self._held = bytearray()
        self._is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        self._synced = time.monotonic()
        self.bytes = 0
        self.first_at: float | None = None
        """Monotonic time of the first write."""

    @property
    def is_full(self) -> bool:
        """Whether so much waits to be written that no more should be taken."""
        return len(self._held) > _MOST_HELD

    @property
    def waits_to_write(self) -> bool:
        """Whether a reader must take something before more can be written."""
        return bool(self._held)

    def take(self, data: bytes) -> None:
        """Take what the worker has written; raise the first failure if failures end the run."""
        end = data.rfind(b"\n") + 1
        if not end:
            self._begun += data
            return
        whole, self._begun = self._begun + data[:end], data[end:]
        if FAILURE_MARK not in whole:
            count = whole.count(b"\n")
            self._tally.records += count
            self.answered += count
            self._held += whole
            return
        for line in whole.split(b"\n")[:-1]:
            if line.startswith(FAILURE_MARK):
                self.fail(Failure.parse(line))
                continue
            self._tally.records += 1
            self.answered += 1
            self._held += line + b"\n"

    def fail(self, failure: Failure) -> None:
        """Put a failure in the place of an answer, or raise it if failures end the run."""
        if self._stop_at_error:
            raise failure.error()
        self._tally.count_failure(failure)
        self.answered += 1
        self._held += failure.line()

    def forget_begun(self) -> None:
        """Drop an answer that its worker did not live to write to the end."""
        self._begun = b""

    def write(self) -> None:
        """Write what can be written at once.

        Raises OutputClosedError when nobody reads it, TrussError if it cannot be written.
        """
        if self._held and self.first_at is None:
            self.first_at = time.monotonic()
        try:
            while self._held and (self._is_file or _writable(self.descriptor, 0)):
                # A pipe that can be written to takes so many bytes without waiting.
                piece = self._held if self._is_file else self._held[: select.PIPE_BUF]
                written = os.write(self.descriptor, piece)
                self.bytes += written
                del self._held[:written]
        except BlockingIOError:
            return
        except BrokenPipeError:
            raise OutputClosedError from None
        except OSError as error:
            raise TrussError(f"the result cannot be written: {error.strerror}") from None
        self._sync()

    def write_all(self, seconds: float | None) -> None:
        """Write all, waiting for a slow reader at most so many seconds from one piece to the next."""
        self.write()
        while self._held and _writable(self.descriptor, seconds):
            self.write()

    def _sync(self) -> None:
        """Now and then have the system write it to the disk."""
        if self._is_file and time.monotonic() - self._synced > _SYNC_SECONDS:
            self._synced = time.monotonic()
            with contextlib.suppress(OSError):
                os.fsync(self.descriptor)


def _writable(descriptor: int, seconds: float | None) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    return bool(poll.poll(None if seconds is None else seconds * 1000))
