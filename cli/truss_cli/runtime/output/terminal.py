"""Results on a terminal: JSON indented and coloured, streams without control characters."""

import codecs
import json
import re

from truss_cli.display import visible
from truss_cli.runtime.output.writer import OutputWriter
from truss_cli.runtime.process.deadline import Deadline

_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|[][{},:]|[^][{},:"\s]+')
_KEY, _STRING, _NUMBER, _WORD, _END = "\x1b[1;34m", "\x1b[32m", "\x1b[36m", "\x1b[35m", "\x1b[0m"
_INDENT = "  "


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
    """Indent and colour a JSON text, its values untouched."""
    parts: list[str] = []
    depth, before = 0, ""
    marks = _MARK.findall(text)
    for mark, after in zip(marks, [*marks[1:], ""], strict=True):
        if mark in "]}":
            depth -= 1
        if (mark in "]}" and before not in "[{") or (before and before in "[{," and mark not in "]}"):
            parts.append("\n" + _INDENT * depth)
        parts.append(_colored(mark, is_key=after == ":"))
        if mark == ":":
            parts.append(" ")
        if mark in "[{":
            depth += 1
        before = mark
    return "".join(parts)


def _colored(mark: str, *, is_key: bool) -> str:
    if mark in "[]{},:":
        return mark
    if mark.startswith('"'):
        return f"{_KEY if is_key else _STRING}{_readable(mark)}{_END}"
    return f"{_WORD if mark[0] in 'tfn' else _NUMBER}{mark}{_END}"


def _readable(string: str) -> str:
    """Write the characters that a JSON string escapes, but for those that do not print."""
    text = json.dumps(json.loads(string), ensure_ascii=False)
    return "".join(
        character if character.isprintable() else json.dumps(character)[1:-1] for character in text
    )
