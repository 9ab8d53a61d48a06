"""Atomic replacement of files: after an interrupted run, a file has its old or its new content."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
from typing import TYPE_CHECKING

from truss_cli.file_lock import HAS_LOCKS, try_lock
from truss_cli.interrupts import deferred_interrupts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedWriter
    from pathlib import Path

_DEVICES = ("/dev/", "/proc/")
"""Folders of streams and devices, which are not replaced."""
_TEMPORARY = re.compile(r"\..*\.[0-9a-f]{16}\.truss-tmp")
_MOST_LINKS = 40
"""Links in a row that Linux follows."""
_LONGEST_NAME = 200
"""Bytes of a file's name that are kept in the name of its temporary file; a name may have 255."""


def replace_file(path: Path, data: bytes) -> None:
    """Write a file, by a temporary file in its folder that takes its name. Raises OSError.

    A link is followed, and permissions are kept. A file with other hard links, or in a folder that is not
    writable, is written in place; a stream or device is appended to. Leftovers of killed runs in the folder
    are removed.
    """
    target = _followed(path)
    if _is_stream(target):
        with open(os.open(target, os.O_WRONLY | os.O_APPEND), "wb") as stream:  # noqa: PTH123 - of a descriptor
            stream.write(data)
    elif os.access(target.parent, os.W_OK | os.X_OK) and not _has_hard_links(target):
        _replace(target, data)
    else:
        _overwrite(target, data)


def require_writable(path: Path) -> None:
    """Raise OSError if a file cannot be written; create none."""
    if path.exists():
        path.open("ab").close()
        return
    with deferred_interrupts():
        target = _followed(path)
        target.open("xb").close()
        target.unlink()


def _followed(path: Path) -> Path:
    """Return the target of a link, or the last link before a stream of this process."""
    for _ in range(_MOST_LINKS):
        if str(path.absolute()).startswith(_DEVICES) or not path.is_symlink():
            break
        path = path.parent / path.readlink()
    return path


def _is_stream(target: Path) -> bool:
    try:
        is_file = stat.S_ISREG(target.stat().st_mode)
    except FileNotFoundError:
        is_file = True
    return not is_file or str(target.absolute()).startswith(_DEVICES)


def _has_hard_links(target: Path) -> bool:
    try:
        return target.stat().st_nlink > 1
    except FileNotFoundError:
        return False


def _overwrite(target: Path, data: bytes) -> None:
    """Write into a file, which is truncated last so that an interrupted run leaves no empty file."""
    with deferred_interrupts(), open(os.open(target, os.O_WRONLY | os.O_CREAT, 0o666), "wb") as file:  # noqa: PTH123 - of a descriptor
        file.write(data)
        file.flush()
        file.truncate()
        os.fsync(file.fileno())


def _replace(target: Path, data: bytes) -> None:
    if HAS_LOCKS:
        _remove_abandoned(target.parent)
    with contextlib.ExitStack() as undo:
        temporary, file = _create(target, undo)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            _copy_permissions(target.stat(), temporary)
        if not HAS_LOCKS:
            file.close()  # Windows renames no open file
        temporary.replace(target)


def _create(target: Path, undo: contextlib.ExitStack) -> tuple[Path, BufferedWriter]:
    """Create and lock a temporary file; until it is locked, another run may remove it as abandoned."""
    name = os.fsdecode(os.fsencode(target.name)[:_LONGEST_NAME])
    while True:
        temporary = target.with_name(f".{name}.{secrets.token_hex(8)}.truss-tmp")
        undo.callback(_remove, temporary)
        file = undo.enter_context(temporary.open("xb"))
        if try_lock(file.fileno()) and os.fstat(file.fileno()).st_nlink:
            return temporary, file


def _copy_permissions(status: os.stat_result, temporary: Path) -> None:
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):  # the group of another user's file may be out of reach
            os.chown(temporary, status.st_uid, status.st_gid)
    temporary.chmod(stat.S_IMODE(status.st_mode))


def _remove_abandoned(folder: Path) -> None:
    """Remove temporary files that are not locked: the system unlocks those of a killed process."""
    for path in _temporary_files(folder):
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            try:
                if try_lock(descriptor):
                    path.unlink()
            finally:
                os.close(descriptor)


def _temporary_files(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from [path for path in folder.iterdir() if _TEMPORARY.fullmatch(path.name)]


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
