"""Temporary folders; one that a killed run has left is removed by the next run."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from truss_cli.file_lock import HAS_LOCKS, try_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN_BYTES = 8
_TOKEN = re.compile(rf"[0-9a-f]{{{2 * _TOKEN_BYTES}}}")


@contextlib.contextmanager
def scratch_folder(prefix: str, parent: Path | None = None) -> Iterator[Path]:
    """Yield a new folder, in the system's folder for temporary files by default; remove it afterwards.

    Folders with the same prefix that no process uses are removed as well. Raises OSError.
    """
    parent = parent or Path(tempfile.gettempdir())
    if HAS_LOCKS:
        _remove_abandoned(prefix, parent)
    with contextlib.ExitStack() as undo:
        while True:
            folder = parent / f"{prefix}{secrets.token_hex(_TOKEN_BYTES)}"
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            if not HAS_LOCKS or _lock(folder, undo):
                break
        yield folder


def _remove_abandoned(prefix: str, parent: Path) -> None:
    """Remove this user's folders that are not locked: the system unlocks those of a killed process."""
    with contextlib.suppress(OSError):
        for entry in list(os.scandir(parent)):
            if entry.name.startswith(prefix) and _TOKEN.fullmatch(entry.name, len(prefix)):
                with contextlib.ExitStack() as lock:
                    if _is_own_folder(entry) and _lock(Path(entry), lock):
                        shutil.rmtree(entry, ignore_errors=True)


def _is_own_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid == os.getuid()
    except OSError:
        return False


def _lock(folder: Path, release: contextlib.ExitStack) -> bool:
    """Lock a folder; return whether it is locked and has not been removed."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
        release.callback(os.close, descriptor)
        return try_lock(descriptor) and os.path.samestat(os.fstat(descriptor), folder.stat())
    except OSError:
        return False
