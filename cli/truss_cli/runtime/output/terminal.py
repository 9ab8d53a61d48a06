"""Results on a terminal: JSON indented and coloured, streams without control characters."""

from __future__ import annotations

import codecs
import io
import json
from typing import TYPE_CHECKING

from truss_cli.display import visible
from truss_cli.runtime.output.writer import OutputWriter

if TYPE_CHECKING:
    from truss_cli.runtime.process.lifetime.deadline import Deadline

_MOST_COLORED_CHARACTERS = 200_000
"""Beyond it nobody reads a result on a terminal, and colouring it would take seconds."""


class TerminalWriter(OutputWriter):
    """An output that people read, on a terminal that what they read must not control."""

    def __init__(self, descriptor: int, deadline: Deadline | None = None) -> None:
        super().__init__(descriptor, deadline)
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._line_ended = True

    def write(self, data: bytes) -> None:
        """Write a chunk of text, its control characters as escapes."""
        text = visible(self._decoder.decode(data), lines=True)
        if text:
            self._line_ended = text.endswith("\n")
        super().write(text.encode("utf-8", "backslashreplace"))

    def write_json(self, line: bytes) -> None:
        """Write JSON for people."""
        super().write(pretty(line.decode()).encode() + b"\n")

    def end(self) -> None:
        """End the last line, for the prompt that follows."""
        if not self._line_ended:
            super().write(b"\n")


def pretty(text: str) -> str:
    """Return a JSON text indented, coloured, and with its characters readable, as far as they print."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):  # numbers that are too long, or nested too deep, to be read again
        return text
    indented = "".join(map(_readable, json.dumps(value, indent=2, ensure_ascii=False)))
    if len(indented) > _MOST_COLORED_CHARACTERS:
        return indented
    try:
        from rich.console import Console  # noqa: PLC0415 - only for a result on a terminal
        from rich.highlighter import JSONHighlighter  # noqa: PLC0415
    except ImportError:  # in an environment that has what the server has, and no more
        return indented
    console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", legacy_windows=False)
    with console.capture() as written:
        console.print(JSONHighlighter()(indented), soft_wrap=True, end="")
    return written.get()


def _readable(character: str) -> str:
    if character.isprintable() or character == "\n":
        return character
    return json.dumps(character)[1:-1]
