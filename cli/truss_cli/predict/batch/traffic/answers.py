"""The answers' way out of the worker: memory shared with its supervisor, which a crash leaves as it is."""

from __future__ import annotations

import mmap
import os
import time
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.predict.batch.record import Answer, Failure
from truss_cli.runtime.process.lifetime.deadline import Deadline, open_memory
from truss_cli.runtime.process.standard_streams import read_some

if TYPE_CHECKING:
    from collections.abc import Callable

_SIZE = 1 << 20
_WRITTEN, _TAKEN, _WAITING, _BEGUN = range(4)


class SharedAnswers(NamedTuple):
    """A ring of bytes, four numbers beside it, and two pipes by which the ends wake each other.

    The numbers are how many bytes were ever written and taken, whether the worker
    waits for room, and the highest line that it has begun.
    """

    memory: int
    ring: mmap.mmap
    numbers: memoryview
    poked: int
    poke: int
    emptied: int
    empty: int

    @classmethod
    def new(cls) -> SharedAnswers:
        """Make one, before the worker is forked."""
        (poked, poke), (emptied, empty) = os.pipe(), os.pipe()
        os.set_blocking(poke, False)
        os.set_blocking(poked, False)
        memory = open_memory()
        os.ftruncate(memory, mmap.PAGESIZE + _SIZE)
        return _mapped(memory, poked, poke, emptied, empty)

    def __reduce__(self) -> tuple[Callable[..., SharedAnswers], tuple[int, ...]]:
        """Let a worker in another Python have the same, by its descriptors."""
        return _mapped, (self.memory, self.poked, self.poke, self.emptied, self.empty)

    @property
    def workers(self) -> tuple[int, ...]:
        """The descriptors that a worker needs."""
        return self.memory, self.poke, self.emptied

    def close(self) -> None:
        """Close the pipes and the memory; what is mapped stays."""
        for descriptor in (self.memory, self.poked, self.poke, self.emptied, self.empty):
            os.close(descriptor)

    @property
    def begun(self) -> int:
        """The highest line that the worker has begun; 0 for none."""
        number: int = self.numbers[_BEGUN]
        return number

    @property
    def is_complete(self) -> bool:
        """Whether everything written was taken."""
        return bool(self.numbers[_WRITTEN] == self.numbers[_TAKEN])

    def take(self) -> bytes:
        """In the supervisor: return what was written since, and make room."""
        taken, written = self.numbers[_TAKEN], self.numbers[_WRITTEN]
        at, end = taken % _SIZE, taken % _SIZE + written - taken
        data = self.ring[at:end] if end <= _SIZE else self.ring[at:] + self.ring[: end - _SIZE]
        self.numbers[_TAKEN] = written
        if self.numbers[_WAITING]:
            self.numbers[_WAITING] = 0
            os.write(self.empty, b".")
        return data

    def clear_pokes(self) -> None:
        """In the supervisor: read the pokes that have come."""
        try:
            os.read(self.poked, 1 << 12)
        except BlockingIOError:
            return


def _mapped(memory: int, poked: int, poke: int, emptied: int, empty: int) -> SharedAnswers:
    numbers = memoryview(mmap.mmap(memory, mmap.PAGESIZE)).cast("Q")
    ring = mmap.mmap(memory, _SIZE, offset=mmap.PAGESIZE)
    return SharedAnswers(memory, ring, numbers, poked, poke, emptied, empty)


class AnswerWriter:
    """The worker's end; one thread at a time may write."""

    def __init__(self, shared: SharedAnswers, deadline: Deadline, *, stop_at_error: bool) -> None:
        """Write from the start; `deadline` stands still while there is no room, no delay of the model's."""
        self._stop_at_error = stop_at_error
        self.stopped = False
        """Whether the failure that ends the run is out."""
        self.waited_until = 0.0
        """Monotonic time at which there was room again, the last time that there was none."""
        self._has_failed = False
        self._shared = shared
        self._ring = shared.ring
        self._numbers = shared.numbers
        self._deadline = deadline
        self._written: int = shared.numbers[_WRITTEN]
        self._poked_at = self._written

    def begin(self, number: int) -> None:
        """Note that a line is begun, before the model sees it."""
        self._numbers[_BEGUN] = number

    def put(self, answer: Answer) -> None:
        """Put out the answer to the next line; of failures, only the first with its traceback."""
        if self.stopped:
            return
        if isinstance(answer, Failure):
            self._write(answer.marked() if not self._has_failed else answer._replace(detail=None).marked())
            self._has_failed, self.stopped = True, self._stop_at_error
        else:
            self._write(answer)

    def _write(self, data: bytes) -> None:
        """Write bytes: they are out even if this process crashes."""
        written, numbers = self._written, self._numbers
        at, end = written % _SIZE, written + len(data)
        if at + len(data) > _SIZE or end - numbers[_TAKEN] > _SIZE:
            self._write_pieces(memoryview(data))
            return
        self._ring[at : at + len(data)] = data
        numbers[_WRITTEN] = self._written = end

    def poke(self) -> None:
        """Have the supervisor look at once, if there is anything new."""
        if self._poked_at != self._written:
            self._poked_at = self._written
            self._wake()

    def _write_pieces(self, data: memoryview) -> None:
        while data:
            at = self._written % _SIZE
            room = min(_SIZE - at, _SIZE - (self._written - self._numbers[_TAKEN]))
            if not room:
                self._wait()
                continue
            piece, data = data[:room], data[room:]
            self._ring[at : at + len(piece)] = bytes(piece)
            self._written += len(piece)
            self._numbers[_WRITTEN] = self._written

    def _wait(self) -> None:
        with self._deadline.paused():
            self._numbers[_WAITING] = 1
            self._wake()
            read_some(self._shared.emptied, 1)
        self.waited_until = time.monotonic()

    def _wake(self) -> None:
        try:
            os.write(self._shared.poke, b".")
        except BlockingIOError:  # it has enough to wake it
            return
