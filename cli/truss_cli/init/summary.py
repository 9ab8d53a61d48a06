"""What was written, as a tree, and what to do next."""

import io
import shlex
import sys
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from truss_cli.display import visible
from truss_cli.init.files.usage import Usage

if TYPE_CHECKING:
    from rich.console import RenderableType

_WIDE = 10_000
"""Columns: names are not cut, whatever the terminal's width."""


def tree(top: str, labels: Iterable[tuple[PurePosixPath, str]]) -> str:
    """Draw paths, each with a label after it, below `top`."""
    from rich.text import Text  # noqa: PLC0415 - only where something was written
    from rich.tree import Tree  # noqa: PLC0415

    root = Tree(Text(top))
    folders = {PurePosixPath(): root}
    for path, label in labels:
        for folder in reversed(path.parents):
            if folder not in folders:
                folders[folder] = folders[folder.parent].add(Text(folder.name))
        folders[path.parent].add(Text(path.name + label))
    return _drawn(root)


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Lay out rows in columns, two spaces apart."""
    from rich.table import Table  # noqa: PLC0415 - only for the list
    from rich.text import Text  # noqa: PLC0415

    grid = Table.grid(padding=(0, 2))
    for row in rows:
        grid.add_row(*map(Text, row))
    return _drawn(grid)


def _drawn(renderable: "RenderableType") -> str:
    """Return what rich draws, as wide as it is, in characters that stdout can encode."""
    from rich.console import Console  # noqa: PLC0415

    out = io.TextIOWrapper(io.BytesIO(), encoding=sys.stdout.encoding or "utf-8", errors="backslashreplace")
    Console(file=out, width=_WIDE, color_system=None, soft_wrap=True).print(renderable)
    out.seek(0)
    return "\n".join(line.rstrip() for line in out.read().splitlines())


def next_commands(folder: Path, works: Usage) -> list[str]:
    """Return the commands to paste, quoted for a POSIX shell."""
    enter = "" if folder == Path() else f"cd {shlex.quote(_not_an_option(folder))}"
    first = " && ".join(filter(None, [enter, works.install]))
    serve = "truss serve" if works.websocket and find_spec("uvicorn") else ""
    return [command for command in (first, *works.commands, serve) if command]


def _not_an_option(folder: Path) -> str:
    return f"./{folder}" if str(folder).startswith("-") else str(folder)


def show(text: str) -> None:
    """Print to stdout, with escapes for what a terminal would act on."""
    sys.stdout.write(visible(text, lines=True) + "\n")
