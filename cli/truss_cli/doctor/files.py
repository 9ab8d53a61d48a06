"""`truss doctor --files`: the files that are copied to the image, and the reasons why others are not."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.deployment.image import Copied, DropReason, Image, ImageEntry
from truss_cli.display import plural, visible, wants_color, width
from truss_cli.errors import ExitCode
from truss_cli.quantities import format_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from truss_cli.project import Truss


class _Row(NamedTuple):
    name: str
    place: str
    size: str = ""


def list_files(truss: Truss) -> ExitCode:
    """Write the list; return `FAULT` if the truss cannot be uploaded."""
    image = Image(truss)
    entries = sorted(_entries(image), key=lambda entry: entry.name)
    copies = [entry for entry in entries if isinstance(entry.placement, Copied)]
    drops = [entry for entry in entries if not isinstance(entry.placement, Copied)]
    sizes = [_size(entry) for entry in copies]
    _write(
        ("Copied", "to", "size"),
        [
            _Row(entry.name, _place(entry), format_size(size))
            for entry, size in zip(copies, sizes, strict=True)
        ],
    )
    _write(("Not copied", "because of"), [_Row(entry.name, str(entry.placement)) for entry in drops])
    sys.stdout.write(f"{plural(len(copies), 'file', 'files')}, {format_size(sum(sizes))}\n")
    reasons = {entry.placement.reason for entry in drops if not isinstance(entry.placement, Copied)}
    return ExitCode.FAULT if DropReason.BROKEN_LINK in reasons else ExitCode.OK


def _entries(image: Image) -> Iterable[ImageEntry]:
    yield from image.other_entries()
    for tree in image.trees:
        yield from image.entries(tree)


def _place(entry: ImageEntry) -> str:
    return entry.placement.path if isinstance(entry.placement, Copied) else ""


def _size(entry: ImageEntry) -> int:
    try:
        return os.stat(entry.source).st_size  # noqa: PTH116 - the path is a string
    except OSError:
        return 0


def _write(headings: Sequence[str], rows: Sequence[_Row]) -> None:
    """Write rows in columns under their headings; nothing without rows."""
    if not rows:
        return
    bold, end = ("\x1b[1m", "\x1b[0m") if wants_color(sys.stdout) else ("", "")
    cells = [tuple(map(visible, row)) for row in rows]
    first, second = (max(width(row[column]) for row in [headings, *cells]) for column in (0, 1))
    for index, row in enumerate([(*headings, "")[:3], *cells]):
        name, place, size = row
        line = f"{_padded(name, first)}  {_padded(place, second)}  {size:>10}".rstrip()
        sys.stdout.write(f"{bold}{line}{end}\n" if index == 0 else f"{line}\n")
    sys.stdout.write("\n")


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))
