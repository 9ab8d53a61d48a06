"""Reading of regular files, which never blocks: opening a pipe or a device may."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def read_regular_file(path: str | Path, *, limit: int | None = None, follow_link: bool = True) -> bytes:
    """Return the content of a file, or its first `limit` bytes.

    Raises OSError, also for a path that is not a regular file, and for a symbolic link unless
    `follow_link` is set.
    """
    descriptor = os.open(path, os.O_RDONLY | _NO_WAIT | (0 if follow_link else _NO_LINK))
    with open(descriptor, "rb") as file:  # noqa: PTH123 - of a descriptor
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))
        data: bytes | None = file.read() if limit is None else file.read(limit)
        if data is None:  # a file of the system, such as /proc/kmsg, that would block
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path))
        return data
