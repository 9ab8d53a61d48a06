"""A line of source with a span marked under it, whatever characters the line has."""

import re
from functools import cache
from pathlib import Path

from truss_cli.display import visible, width
from truss_cli.source import ON_DISK, Overlay, SourceText, Span

WIDEST = 100
"""Columns of source that are shown; of a longer line, those around the span."""
_TAB = "    "
_CUT = "…"


@cache
def read_source(path: Path, overlay: Overlay = ON_DISK) -> SourceText | None:
    """Read a plain file again for display; None if that fails, or if it might have no end."""
    try:
        if not overlay.is_file(path):
            return None
        return SourceText(path, overlay.read(path).decode("utf-8", "replace"))
    except OSError:
        return None


def excerpt(source: SourceText, span: Span) -> tuple[str, str] | None:
    """Return the span's first line and the marks under it; None where there is no text to show."""
    line = source.line(span.start.line)
    if not line.strip():
        return None
    start = min(span.start.column - 1, len(line))
    end = span.end.column - 1 if span.end.line == span.start.line else len(line)
    end = min(max(end, start + 1), max(len(line), start + 1))
    cells = [_TAB if character == "\t" else visible(character) for character in line]
    for command in re.finditer(r"(?<=##)\[", line):
        cells[command.start()] = visible("##[")[2:]
    first, last = _window([width(cell) for cell in cells], start, end)
    before = _CUT if first else ""
    after = _CUT if last < len(cells) else ""
    indent = width(before) + sum(width(cell) for cell in cells[first:start])
    marked = max(sum(width(cell) for cell in cells[start : min(end, last)]), 1)
    return f"{before}{''.join(cells[first:last])}{after}".rstrip(), " " * indent + "^" * marked


def _window(widths: list[int], start: int, end: int) -> tuple[int, int]:
    """Return the first and past-the-last cell to show, so that the span's start is seen."""
    if sum(widths) <= WIDEST:
        return 0, len(widths)
    first = 0
    while sum(widths[first : max(start, first) + 1]) > WIDEST // 2 and first < start:
        first += 1
    last, shown = first, 0
    while last < len(widths) and shown + widths[last] <= WIDEST:
        shown += widths[last]
        last += 1
    return first, max(last, min(end, start + 1))
