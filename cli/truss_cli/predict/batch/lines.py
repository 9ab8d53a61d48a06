"""The lines of an input without end, in memory that does not grow with it."""

import os

from truss_cli.errors import TrussError
from truss_cli.runtime.process.standard_streams import read_some

_BLOCK_BYTES = 1 << 18


class Lines:
    r"""Reads lines, which end with `\n` or `\r\n`, the last one perhaps with neither; numbered from 1."""

    def __init__(self, descriptor: int, skipped: int = 0) -> None:
        """Read from a descriptor, and give only what follows the first lines."""
        self._descriptor = descriptor
        self._skipped = skipped
        self.first_number = skipped + 1
        """Of the first line given."""
        self._begun: list[bytes] = []
        self._count = 0
        self._ended = False
        self.bytes_read = 0
        status = os.fstat(descriptor)
        self.size: int | None = status.st_size or None
        """Bytes of the whole input, where that is known."""

    def read(self) -> list[tuple[int, bytes]]:
        """Wait for input and give the lines it completes, with their numbers; none at the end.

        Raises TrussError if it cannot be read.
        """
        while not self._ended:
            block = self._block()
            self.bytes_read += len(block)
            self._ended = not block
            found = self._completed(block)
            if found:
                return found
        return []

    def _block(self) -> bytes:
        try:
            return read_some(self._descriptor, _BLOCK_BYTES)
        except OSError as error:
            raise TrussError(f"cannot read the input: {error.strerror}") from None

    def _completed(self, block: bytes) -> list[tuple[int, bytes]]:
        if block and b"\n" not in block:
            self._begun.append(block)
            return []
        *lines, rest = b"".join([*self._begun, block]).split(b"\n")
        self._begun = [rest] if rest and not self._ended else []
        if rest and self._ended:
            lines.append(rest)
        first = self._count + 1
        self._count += len(lines)
        return [(number, line) for number, line in enumerate(lines, first) if number > self._skipped]
