"""Copies of files for a stage: clones where the file system has them, and links to large files."""

# Thousands of paths are handled as strings, without resolving links.
# ruff: noqa: PTH108, PTH116, PTH123, PTH211

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_FILES = 100
MOST_BYTES = 256 * 2**20
"""Limits of the files, other than Python's, of which a folder is copied rather than linked."""
_CHUNK_BYTES = 2**20
_FICLONE = 0x40049409
"""Number of the request of Linux that shares the blocks of a file (linux/fs.h)."""


class FileCopy(NamedTuple):
    """A file to copy, and its path in the stage; both are absolute."""

    source: str
    target: str


def copy_tree(copies: Sequence[FileCopy]) -> list[FileCopy]:
    """Copy the files of a folder, whose target folders exist; return those that are linked instead.

    Python files are always copied. Either all other files are copied or all are linked: libraries that
    compare the resolved paths of files refuse a mixture. A file that cannot be read is linked.
    """
    sizes = {copy: _size(copy.source) for copy in copies}
    regular = [copy for copy in copies if sizes[copy] is not None]
    clones = _clones(regular)
    data = [copy for copy in regular if not copy.source.endswith(".py")]
    is_small = len(data) <= MOST_FILES and sum(sizes[copy] or 0 for copy in data) <= MOST_BYTES
    links = []
    for copy in regular:
        if copy in clones:
            continue
        if not (is_small or copy.source.endswith(".py")) or not _copy(copy):
            os.symlink(copy.source, copy.target)
            links.append(copy)
    return links


def copy_file(source: str, target: str) -> None:
    """Copy the content, the time and the permissions of a file, and let its owner write. Raises OSError."""
    with open(source, "rb", buffering=0) as original, open(target, "xb", buffering=0) as copy:
        while chunk := original.read(_CHUNK_BYTES):
            copy.write(chunk)
        _copy_status(original.fileno(), copy.fileno())


def _copy(copy: FileCopy) -> bool:
    try:
        copy_file(*copy)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        with contextlib.suppress(FileNotFoundError):
            os.unlink(copy.target)
        return False
    return True


def _clones(copies: Sequence[FileCopy]) -> set[FileCopy]:
    """Clone files, and return those that are; none where the file system cannot."""
    clones: set[FileCopy] = set()
    for copy in copies:
        try:
            _clone(copy)
        except PermissionError:
            continue
        except OSError:
            break
        clones.add(copy)
    return clones


def _clone(copy: FileCopy) -> None:
    if sys.platform == "darwin":
        _clone_by_path(copy)
        return
    import fcntl  # noqa: PLC0415 - not on Windows

    with open(copy.source, "rb", buffering=0) as original:
        try:
            with open(copy.target, "xb", buffering=0) as clone:
                fcntl.ioctl(clone, _FICLONE, original.fileno())
                _copy_status(original.fileno(), clone.fileno())
        except OSError:
            os.unlink(copy.target)
            raise


def _clone_by_path(copy: FileCopy) -> None:
    import ctypes  # noqa: PLC0415 - only on macOS

    system = ctypes.CDLL(None, use_errno=True)
    if system.clonefile(os.fsencode(copy.source), os.fsencode(copy.target), 0):
        raise OSError(ctypes.get_errno(), "clonefile", copy.source)


def _copy_status(source: int, target: int) -> None:
    status = os.fstat(source)
    os.fchmod(target, stat.S_IMODE(status.st_mode) | stat.S_IRUSR | stat.S_IWUSR)
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def _size(path: str) -> int | None:
    """Return the size of a regular file; None for others, such as pipes, which are never copied."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None
