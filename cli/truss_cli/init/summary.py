"""What was written, as a tree, and what to do next."""

import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from truss_cli.display import visible

_Nested: TypeAlias = dict[str, "_Nested"]
_Branches = tuple[str, str, str, str]

_DRAWN: _Branches = ("├── ", "└── ", "│   ", "    ")
_TYPED: _Branches = ("|-- ", "`-- ", "|   ", "    ")


def tree(top: str, labels: Iterable[tuple[PurePosixPath, str]]) -> str:
    """Draw paths, each with a label after it, below `top`."""
    nested: _Nested = {}
    for path, label in labels:
        level = nested
        for part in path.parent.parts:
            level = level.setdefault(part, {})
        level[path.name + label] = {}
    return "\n".join([top, *_lines(nested, _DRAWN if _can_print("".join(_DRAWN)) else _TYPED)])


def _lines(nested: _Nested, branches: _Branches) -> Iterator[str]:
    inner, last, down, blank = branches
    for number, (name, below) in enumerate(nested.items(), start=1):
        is_last = number == len(nested)
        yield (last if is_last else inner) + name
        for line in _lines(below, branches):
            yield (blank if is_last else down) + line


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Lay out rows in columns, two spaces apart."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def next_commands(folder: Path, paths: Iterable[PurePosixPath], *, with_tests: bool) -> list[str]:
    """Return the commands to paste, quoted for a POSIX shell."""
    enter = "" if folder == Path() else f"cd {shlex.quote(_not_an_option(folder))}"
    install = (
        "python -m pip install -r requirements.txt" if PurePosixPath("requirements.txt") in paths else ""
    )
    first = " && ".join(filter(None, [enter, install]))
    test = "python -m pytest" if with_tests else ""
    return [command for command in (first, "truss check", "truss predict --example", test) if command]


def _not_an_option(folder: Path) -> str:
    return f"./{folder}" if str(folder).startswith("-") else str(folder)


def show(text: str) -> None:
    """Print to stdout, with escapes for what a terminal would act on."""
    sys.stdout.write(visible(text, lines=True) + "\n")


def _can_print(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
