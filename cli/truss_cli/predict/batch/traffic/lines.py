"""The lines of an input without end, in memory that does not grow with it."""

from __future__ import annotations

from truss_cli.runtime.process.standard_streams import read_some

_BLOCK_BYTES = 1 << 18

Line = tuple[int, bytes]
"""A number, from 1, and the bytes without the line end."""


class Lines:
    r"""The worker's end of the input: lines that end with `\n` or `\r\n`, the last perhaps with neither."""

    def __init__(self, descriptor: int, first_number: int) -> None:
        """Read from a descriptor lines that are numbered from `first_number` on."""
        self._descriptor = descriptor
        self.next_number = first_number
        """Of the line that is read next."""
        self._begun: list[bytes] = []
        self._ended = False

    def read(self) -> list[Line]:
        """Wait for input and return the lines that it completes; none at the end."""
        while not self._ended:
            block = read_some(self._descriptor, _BLOCK_BYTES)
            self._ended = not block
            found = self._completed(block)
            if found:
                return found
        return []

    def _completed(self, block: bytes) -> list[Line]:
        if block and b"\n" not in block:
            self._begun.append(block)
            return []
        *lines, rest = b"".join([*self._begun, block]).split(b"\n")
        self._begun = [rest] if rest and not self._ended else []
        if rest and self._ended:
            lines.append(rest)
        first = self.next_number
        self.next_number += len(lines)
        return list(enumerate(lines, first))
