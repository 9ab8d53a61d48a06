"""The page, as text."""

import sys
from collections.abc import Sequence
from typing import TextIO

from truss_cli.display import visible, wants_color, width
from truss_cli.doctor.findings import PageSection, Verdict

_MARKS = {Verdict.FITS: "ok", Verdict.DIFFERS: "!!", Verdict.FAILS: "no", Verdict.NEUTRAL: "  "}
_COLORS = {Verdict.FITS: "32", Verdict.DIFFERS: "33", Verdict.FAILS: "31"}
_WIDEST = 40
_HEADINGS = ("required", "here")
_MARK_WIDTH = 5
"""Columns of a mark, and of the spaces around it."""


def write_page(sections: Sequence[PageSection], out: TextIO = sys.stdout) -> None:
    """Write the sections that have lines, each in columns under headings."""
    color = wants_color(out)
    for section in sections:
        if section.lines:
            out.write(f"{''.join(_lines(section, color=color))}\n")


def _lines(section: PageSection, *, color: bool) -> list[str]:
    lines = section.lines
    cells = [(visible(line.name), visible(line.wanted), visible(line.here)) for line in lines]
    headings = (section.title, *_HEADINGS)
    # The title begins in the first column, before the marks.
    widths = [
        max(
            min(max(width(row[column]) for row in cells), _WIDEST),
            width(headings[column]) - _MARK_WIDTH * (column == 0),
        )
        for column in (0, 1)
    ]
    title = (
        f"{_padded(headings[0], widths[0] + _MARK_WIDTH)}  {_padded(headings[1], widths[1])}  {headings[2]}"
    )
    written = [f"\x1b[1m{title}\x1b[0m\n" if color else f"{title}\n"]
    for line, (name, wanted, here) in zip(lines, cells, strict=True):
        columns = (_mark(line.verdict, color=color), _padded(name, widths[0]), "", _padded(wanted, widths[1]))
        written.append(f"  {' '.join(columns)}  {here}".rstrip() + "\n")
    return written


def _mark(verdict: Verdict, *, color: bool) -> str:
    code = _COLORS.get(verdict)
    return f"\x1b[{code}m{_MARKS[verdict]}\x1b[0m" if color and code else _MARKS[verdict]


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))
