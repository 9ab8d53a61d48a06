"""Changes of files as a unified diff, which `patch -p0` and `git apply -p0` take."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from truss_cli.check.fix.content import content_of
from truss_cli.display import relative_name

_NO_LINE_END = "\n\\ No newline at end of file\n"


def unified_diff(path: Path, before: bytes, after: bytes) -> Iterator[str]:
    """Yield the lines of a file's diff, each with its line end."""
    old, new = content_of(path, before), content_of(path, after)
    if old is None or new is None:
        return
    name = relative_name(path)
    for line in difflib.unified_diff(_lines(old.source.text), _lines(new.source.text), name, name):
        yield line if line.endswith("\n") else f"{line}{_NO_LINE_END}"


def _lines(text: str) -> list[str]:
    """Split a text at newlines alone, as `patch` does."""
    *lines, last = text.split("\n")
    return [*(f"{line}\n" for line in lines), *([last] if last else [])]
