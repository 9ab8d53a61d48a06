"""A text and the positions in it, in the one place that converts between ways of counting."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.regular_file import read_regular_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LINE_END = re.compile(r"\r\n|\r|\n")


class Position(NamedTuple):
    """A place in a text: 1-based line, and 1-based column in characters (code points)."""

    line: int
    column: int


class Span(NamedTuple):
    """From `start` up to, not including, `end`."""

    start: Position
    end: Position


START_OF_FILE = Span(Position(1, 1), Position(1, 1))


class SourceText:
    r"""The text of one file; lines end at `\n`, `\r\n` or `\r`, as Python, YAML and editors agree."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    @property
    def line_count(self) -> int:
        """Number of lines, where a text that ends with a line end has an empty last one."""
        return len(self._starts)

    def line(self, number: int) -> str:
        """Text of a 1-based line without its line end; empty outside the text."""
        if not 1 <= number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def at_offset(self, offset: int) -> Position:
        """Position of the character at a 0-based offset, held inside the text."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def offset(self, position: Position) -> int:
        """0-based offset of a position, held inside the text."""
        start = self._starts[min(max(position.line, 1), self.line_count) - 1]
        return min(start + max(position.column, 1) - 1, len(self.text))

    def at_utf8(self, line: int, byte_column: int) -> Position:
        """Position of `ast`'s 1-based line and 0-based column in UTF-8 bytes, held inside the text."""
        line = min(max(line, 1), self.line_count)
        text = self.line(line)
        if text.isascii():
            return Position(line, min(max(byte_column, 0), len(text)) + 1)
        prefix = text.encode("utf-8", "surrogatepass")[: max(byte_column, 0)]
        return Position(line, len(prefix.decode("utf-8", "ignore")) + 1)

    def line_span(self, line: int) -> Span:
        """Span of a line from its first character that is not white space to its end."""
        text = self.line(line)
        indent = len(text) - len(text.lstrip())
        return Span(Position(line, indent + 1), Position(line, len(text) + 1))


class Overlay:
    """Contents of files that are read instead of those on disk: unsaved, or not yet written."""

    def __init__(self, contents: Mapping[Path, bytes] | None = None) -> None:
        self._contents = {os.path.abspath(path): data for path, data in (contents or {}).items()}  # noqa: PTH100 - pathlib resolves links

    def read(self, path: Path) -> bytes:
        """Return the content of a file. Raises OSError."""
        given = self._given(path)
        return read_regular_file(path) if given is None else given

    def is_file(self, path: Path) -> bool:
        """Whether there is such a file, on disk or here."""
        return self._given(path) is not None or path.is_file()

    def holds(self, path: Path) -> bool:
        """Whether the content of a file is here, whatever is on disk."""
        return self._given(path) is not None

    def _given(self, path: Path) -> bytes | None:
        return self._contents.get(os.path.abspath(path)) if self._contents else None  # noqa: PTH100


ON_DISK = Overlay()
"""Nothing is given; all is read from disk."""
