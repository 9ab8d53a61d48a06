"""The supervisor's end of the input: it feeds the worker, and keeps what is not answered yet."""

import os
from collections import deque
from collections.abc import Callable

from truss_cli.errors import TrussError
from truss_cli.runtime.process.standard_streams import read_some

_BLOCK_BYTES = 1 << 18


class Feed:
    """Reads the input block by block, and gives a worker all lines that have no answer.

    A worker that has died has read more than it answered: the next one is fed that again.
    """

    def __init__(self, source: int, most_bytes: int, on_block: Callable[[bytes], None] | None = None) -> None:
        """Read from a descriptor lines of at most so many bytes each; `on_block` is given each block."""
        self.source = source
        self._on_block = on_block
        self._most_bytes = most_bytes
        self._kept: deque[bytes] = deque()
        """What begins with the first line without an answer, or a little before it."""
        self._kept_from = 0
        """Line ends before what is kept."""
        self._unsent: deque[bytes] = deque()
        self._line_ends = 0
        self._line_bytes = 0
        self.bytes_read = 0
        self.ended = False
        """Whether the input is read to its end."""

    @property
    def size(self) -> int | None:
        """Bytes of the whole input, where that is known."""
        return os.fstat(self.source).st_size or None

    @property
    def lines(self) -> int:
        """Lines read until now, of which the last has no end perhaps."""
        return self._line_ends + bool(self._line_bytes and self.ended)

    def has_unanswered(self, answered: int) -> bool:
        """Whether lines were read that follow the one of this number."""
        return self._line_ends > answered or self.lines > answered

    @property
    def has_unsent(self) -> bool:
        """Whether something waits to be sent to the worker."""
        return bool(self._unsent)

    def read(self) -> None:
        """Read the next block and keep it; raise TrussError if that fails."""
        try:
            block = read_some(self.source, _BLOCK_BYTES)
        except OSError as error:
            raise TrussError(f"cannot read the input: {error.strerror}") from None
        if not block:
            self.ended = True
            return
        if self._on_block is not None:
            self._on_block(block)
        self.bytes_read += len(block)
        self._kept.append(block)
        self._unsent.append(block)
        last_end = block.rfind(b"\n")
        self._line_bytes = len(block) - last_end - 1 + (self._line_bytes if last_end < 0 else 0)
        self._line_ends += block.count(b"\n")
        if self._line_bytes > self._most_bytes:
            hint = "Allow longer lines with `--max-input`."
            raise TrussError(f"line {self._line_ends + 1} of the input is too long", hint=hint)

    def skip(self, lines: int, least_bytes: int) -> None:
        """Read so many lines, which are answered, at least so many bytes, and some more, or to the end."""
        while not self.ended and (
            self.bytes_read < least_bytes
            or self._line_ends < lines
            or (self._line_ends == lines and not self._line_bytes)
        ):
            self.read()
            self._unsent.clear()
            self.drop(lines)
        self.rewind(lines)

    def send(self, descriptor: int) -> None:
        """Send what fits into a pipe that does not block; raise BrokenPipeError if nobody reads it."""
        while self._unsent:
            block = self._unsent.popleft()
            try:
                sent = os.write(descriptor, block)
            except BlockingIOError:
                sent = 0
            if sent < len(block):
                self._unsent.appendleft(block[sent:])
                return

    def drop(self, answered: int) -> None:
        """Keep no more what lies before the end of the line of this number."""
        while self._kept:
            ends = self._kept_from + self._kept[0].count(b"\n")
            if answered < ends or (answered == ends and not self._kept[0].endswith(b"\n")):
                return
            self._kept.popleft()
            self._kept_from = ends

    def rewind(self, answered: int) -> None:
        """Have everything sent anew that follows the line of this number."""
        kept, at = b"".join(self._kept), 0
        for _ in range(answered - self._kept_from):
            at = kept.find(b"\n", at) + 1 or len(kept)
        self._kept = deque([kept[at:]] if kept[at:] else [])
        self._unsent = self._kept.copy()
        self._kept_from = answered
