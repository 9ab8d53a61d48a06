"""An audit hook that keeps a model's code from the files of the truss that the image lacks.

A linked file is replaced by a copy before it is opened for writing, so that the truss stays as it is.
"""

# Thousands of paths are handled as strings, without resolving links.
# ruff: noqa: PTH105, PTH109, PTH112, PTH114, PTH118

from __future__ import annotations

import errno
import os
import sys
from _thread import get_ident
from typing import TYPE_CHECKING

from truss_cli.deployment.copying import copy_file
from truss_cli.deployment.image import is_inside
from truss_cli.runtime.process.stacks import OWN_FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from truss_cli.deployment.stage import Stage

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NOT_NAMING = frozenset({"OLDPWD", "PWD", "PYTHONPATH"})
"""Variables that name the truss or folders in it without a deployment having them."""
_PACKAGES = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
_URI = "file:"
"""Prefix of a database's name that is a URI."""


class FileAccess:
    """The hook of a process; hooks cannot be removed, so that it applies while it has a stage."""

    def __init__(self) -> None:
        self._stage: Stage | None = None
        self._events: dict[str, Callable[..., None]] = {
            "open": self._open,
            "sqlite3.connect": self._connect,
            "os.chmod": self._change,
            "os.chown": self._change,
            "os.truncate": self._change,
            "os.utime": self._change,
            "os.setxattr": self._change,
        }
        self._is_installed = False

    def limit_to(self, stage: Stage | None) -> None:
        """Let the hook apply to a stage from now on, or to none."""
        self._stage = stage
        if not self._is_installed:
            self._is_installed = True
            sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        handle = self._events.get(event)
        if handle is not None and self._stage is not None:
            handle(self._stage, *arguments)

    def _open(self, stage: Stage, path: object, mode: object, flags: int, *_more: object) -> None:
        absolute = _absolute(path)
        if absolute is None:
            return
        writes = bool(flags & _WRITING) or (isinstance(mode, str) and any(sign in mode for sign in "wax+"))
        if is_inside(absolute, stage.folder):
            if writes:
                _copy_up(absolute, stage)
        elif is_inside(absolute, stage.truss) and is_denied(absolute, stage, creates=writes):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)

    def _connect(self, stage: Stage, database: object, *_more: object) -> None:
        if isinstance(database, str) and database.startswith(_URI):
            database = database[len(_URI) :].partition("?")[0]
        self._change(stage, database)

    def _change(self, stage: Stage, path: object, *_more: object) -> None:
        absolute = _absolute(path)
        if absolute is not None and is_inside(absolute, stage.folder):
            _copy_up(absolute, stage)


FILE_ACCESS = FileAccess()


def is_denied(path: str, stage: Stage, *, creates: bool = False) -> bool:
    """Return whether the model's code opens a file of the truss that the image lacks.

    `creates`: the file may be created, in a folder that the image lacks.
    """
    if stage.has_source(path) or os.path.isdir(path) or not (creates or os.path.lexists(path)):
        return False
    return not is_installed(path, stage) and _is_opened_by_model(stage)


def _absolute(path: object) -> str | None:
    """Return a path without links resolved; None for a descriptor and a path that cannot exist."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        return None
    try:
        return os.path.normpath(os.path.join(os.getcwd(), os.fsdecode(path)))
    except OSError:  # the working folder has been removed
        return None


def _copy_up(path: str, stage: Stage) -> None:
    """Replace a link to a file of the truss by a copy of the file."""
    if not os.path.islink(path) or not is_inside(
        os.path.realpath(path), os.path.realpath(stage.source_of(path))
    ):
        return
    partial = f"{path}.{os.getpid()}.{get_ident()}"
    copy_file(path, partial)
    os.replace(partial, path)


def is_installed(path: str, stage: Stage) -> bool:
    """Return whether a path in the truss belongs to Python, a package, the tool or a named folder."""
    prefixes = (sys.prefix, sys.base_prefix, OWN_FOLDER.rstrip(os.sep))
    return (
        any(is_inside(path, folder) for folder in prefixes if not is_inside(stage.truss, folder))
        or any(part in path + os.sep for part in _PACKAGES)
        or any(is_inside(path, folder) for folder in _named_folders(stage))
    )


def _named_folders(stage: Stage) -> Iterator[str]:
    """Yield the folders inside the truss that environment variables name."""
    for name, value in os.environ.items():
        if name in _NOT_NAMING or stage.truss not in value:
            continue
        for part in value.split(os.pathsep):
            folder = os.path.normpath(part)
            if folder != stage.truss and is_inside(folder, stage.truss):
                yield folder


def _is_opened_by_model(stage: Stage) -> bool:
    """Return whether code of the truss is on the stack."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - the documented way to a frame
    folders = tuple(tree.source + os.sep for tree in stage.trees)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(folders) and not any(part in file for part in _PACKAGES):
            return True
        frame = frame.f_back
    return False
