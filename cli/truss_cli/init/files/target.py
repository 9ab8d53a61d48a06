"""The folder that a truss is to be made in: whether it can be, and what is there already."""

import os
import stat
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from truss_cli.display import visible
from truss_cli.errors import TrussError
from truss_cli.init.files.staging import recover


class Place(NamedTuple):
    """Where a file goes: its path in a folder, which is the truss or the top of the repository around it."""

    base: Path
    path: PurePosixPath

    @property
    def on_disk(self) -> Path:
        """The file itself, as it is shown and opened."""
        return self.base / self.path


@dataclass(frozen=True, slots=True)
class Target:
    """`folder` as it was typed, for messages and for commands; the name it has by default; what it holds."""

    folder: Path
    name: str
    entries: tuple[str, ...]
    """Names of what is in the folder, hidden things left out; empty if there is no folder yet."""

    def repository(self) -> tuple[Path, str]:
        """Return the top of the git repository around the folder, or else the folder, and the way down."""
        real = self.folder.resolve()
        top = next((parent for parent in (real, *real.parents) if (parent / ".git").exists()), real)
        if top == real:
            return self.folder, "."
        shown = top if self.folder.is_absolute() else Path(os.path.relpath(top))
        return shown, real.relative_to(top).as_posix()


def examine(directory: str) -> Target:
    """Look at the folder to write to; raise `TrussError` if it cannot be one."""
    folder = Path(os.path.normpath(directory))
    if not directory.strip():
        raise TrussError("the directory is empty text", hint="Name the folder to make: truss init my-model")
    if odd := next((character for character in directory if _unprintable(character)), None):
        raise TrussError(f"{directory!r} cannot be the name of a folder: it has the character {odd!r}")
    try:
        _refuse_links(folder)
        if recover(folder):
            sys.stderr.write(
                f"note: undid the changes of a `truss init` that was killed in {visible(str(folder))}\n"
            )
        entries = [entry.name for entry in folder.iterdir()] if _is_there(folder) else []
        name = folder.resolve().name
    except NotADirectoryError as error:
        raise TrussError(f"{folder} cannot be made: there is a file in its place or above it") from error
    except (OSError, RuntimeError) as error:  # Python 3.11 raises RuntimeError for a loop of links
        raise TrussError(
            f"{folder} cannot be used: {getattr(error, 'strerror', None) or 'a loop of symbolic links'}"
        ) from error
    shown = tuple(sorted(entry for entry in entries if not entry.startswith(".")))
    return Target(folder, name, shown)


def require_empty(target: Target) -> None:
    """Raise `TrussError` if the folder holds anything but hidden files."""
    if target.entries:
        shown = ", ".join(target.entries[:3]) + (", ..." if target.entries[3:] else "")
        raise TrussError(
            f"{target.folder} is not empty: it has {shown}",
            hint="Choose another directory, or add the truss to what is there with --force.",
        )


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
    """Of the places that would be written, those where something is."""

    files: tuple[Place, ...]
    """Could be replaced."""
    blocked: tuple[Place, ...]
    """A folder where a file must be, or a file or a link where a folder must be."""


def find_taken(places: Iterable[Place]) -> Taken:
    """Find what is in the way of the files to be written."""
    files: list[Place] = []
    blocked: list[Place] = []
    for place in places:
        base, path = place
        above = [parent for parent in reversed(path.parents) if parent.parts]
        in_the_way = next((parent for parent in above if _kind(base / parent) not in {None, "folder"}), None)
        if in_the_way or _kind(place.on_disk) == "folder":
            blocked.append(Place(base, in_the_way or path))
        elif _kind(place.on_disk):
            files.append(place)
    return Taken(tuple(files), tuple(dict.fromkeys(blocked)))


def _kind(path: Path) -> str | None:
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    return "folder" if stat.S_ISDIR(mode) else "file"
