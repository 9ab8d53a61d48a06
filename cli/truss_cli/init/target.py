"""The folder that a truss is to be made in: whether it can be, and what is there already."""

import os
import stat
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from truss_cli.errors import TrussError


@dataclass(frozen=True, slots=True)
class Target:
    """`folder` as it was typed, for messages and for commands; the name it has by default; what it holds."""

    folder: Path
    name: str
    entries: tuple[str, ...]
    """Names of what is in the folder, hidden things left out; empty if there is no folder yet."""


def examine(directory: str) -> Target:
    """Look at the folder to write to; raise `TrussError` if it cannot be one."""
    folder = Path(os.path.normpath(directory))
    if not directory.strip():
        raise TrussError("the directory is empty text", hint="Name the folder to make: truss init my-model")
    if odd := next((character for character in directory if _unprintable(character)), None):
        raise TrussError(f"{directory!r} cannot be the name of a folder: it has the character {odd!r}")
    try:
        _refuse_links(folder)
        entries = [entry.name for entry in folder.iterdir()] if _is_there(folder) else []
        name = folder.resolve().name
    except NotADirectoryError as error:
        raise TrussError(f"{folder} cannot be made: there is a file in its place or above it") from error
    except OSError as error:
        raise TrussError(f"{folder} cannot be used: {error.strerror}") from error
    shown = tuple(sorted(entry for entry in entries if not entry.startswith(".")))
    return Target(folder, name, shown)


def _unprintable(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


def _is_there(folder: Path) -> bool:
    try:
        folder.lstat()
    except FileNotFoundError:
        return False
    return True


def _refuse_links(folder: Path) -> None:
    """Refuse a link in a relative path, which says "below here", and at the end of an absolute one."""
    parts = [folder] if folder.is_absolute() else [folder, *folder.parents]
    for part in reversed(parts):
        if part.is_symlink():
            real = folder.resolve()
            raise TrussError(f"{part} is a symbolic link", hint=f"Give the folder itself: truss init {real}")


@dataclass(frozen=True, slots=True)
class Taken:
    """Of the paths that would be written, those where something is."""

    files: tuple[PurePosixPath, ...]
    """Could be replaced."""
    blocked: tuple[PurePosixPath, ...]
    """A folder where a file must be, or a file or a link where a folder must be."""


def find_taken(folder: Path, paths: Iterable[PurePosixPath]) -> Taken:
    """Find what is in the way of the files to be written."""
    files: list[PurePosixPath] = []
    blocked: list[PurePosixPath] = []
    for path in paths:
        above = [parent for parent in reversed(path.parents) if parent.parts]
        in_the_way = next(
            (parent for parent in above if _kind(folder / parent) not in {None, "folder"}), None
        )
        if in_the_way or _kind(folder / path) == "folder":
            blocked.append(in_the_way or path)
        elif _kind(folder / path):
            files.append(path)
    return Taken(tuple(files), tuple(dict.fromkeys(blocked)))


def _kind(path: Path) -> str | None:
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    return "folder" if stat.S_ISDIR(mode) else "file"
