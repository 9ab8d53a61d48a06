"""The page, as text."""

import sys
from collections.abc import Sequence
from typing import TextIO

from truss_cli.display import visible, wants_color, width
from truss_cli.doctor.findings import Comparison, PageSection, Verdict

_MARKS = {Verdict.FITS: "ok", Verdict.DIFFERS: "!!", Verdict.FAILS: "no", Verdict.NEUTRAL: "  "}
_COLORS = {Verdict.FITS: "32", Verdict.DIFFERS: "33", Verdict.FAILS: "31"}
_WIDEST = 40


def write_page(sections: Sequence[PageSection], out: TextIO = sys.stdout) -> None:
    """Write the sections that have lines, each in columns: what is wanted, and what is here."""
    color = wants_color(out)
    for section in sections:
        if section.lines:
            title = f"\x1b[1m{section.title}\x1b[0m" if color else section.title
            out.write(f"{title}\n{''.join(_lines(section.lines, color=color))}\n")


def _lines(lines: Sequence[Comparison], *, color: bool) -> list[str]:
    cells = [(visible(line.name), visible(line.wanted), visible(line.here)) for line in lines]
    widths = [min(max(width(row[column]) for row in cells), _WIDEST) for column in (0, 1)]
    written = []
    for line, (name, wanted, here) in zip(lines, cells, strict=True):
        columns = (_mark(line.verdict, color=color), _padded(name, widths[0]), "", _padded(wanted, widths[1]))
        written.append(f"  {' '.join(columns)}  {here}".rstrip() + "\n")
    return written


def _mark(verdict: Verdict, *, color: bool) -> str:
    code = _COLORS.get(verdict)
    return f"\x1b[{code}m{_MARKS[verdict]}\x1b[0m" if color and code else _MARKS[verdict]


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))
