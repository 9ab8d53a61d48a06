"""All the files, or none of them."""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from truss_cli.errors import TrussError
from truss_cli.init.files.plan import PlannedFile

_ASIDE = ".before-truss-init"


def write_files(files: Sequence[PlannedFile], *, replace: bool) -> None:
    """Write the files in their places; if one fails, or Ctrl-C is pressed, take back all that was done.

    A file that is there is an error, or with `replace` is kept aside until the last file is written.
    No symbolic link is followed at the end of a path. Raises `TrussError`.
    """
    aside: list[Path] = []
    with ExitStack() as undo:
        for file in files:
            path = file.place.on_disk
            try:
                _make_folder(path.parent, undo)
                if replace and os.path.lexists(path):
                    aside.append(_put_aside(path, undo))
                _write_new(path, file, undo)
            except OSError as error:
                reason = error.strerror or str(error)
                raise TrussError(
                    f"{path} cannot be written: {reason}", hint="Nothing was left behind."
                ) from error
        undo.pop_all()
    for old in aside:
        with suppress(OSError):
            old.unlink()


def _make_folder(folder: Path, undo: ExitStack) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent, undo)
    folder.mkdir()
    undo.callback(_quietly, folder.rmdir)


def _put_aside(path: Path, undo: ExitStack) -> Path:
    old = path.with_name(path.name + _ASIDE)
    if os.path.lexists(old):
        raise FileExistsError(None, f"{old.name} is in the way")
    path.rename(old)
    undo.callback(_quietly, lambda: old.rename(path))
    return old


def _write_new(path: Path, file: PlannedFile, undo: ExitStack) -> None:
    mode = 0o777 if file.executable else 0o666
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    undo.callback(_quietly, path.unlink)
    with open(descriptor, "wb") as stream:  # noqa: PTH123 - a Path cannot open a descriptor
        stream.write(file.content)


def _quietly(step: Callable[[], object]) -> None:
    """Take a step back; should it fail, the other steps are still to be taken."""
    with suppress(OSError):
        step()
