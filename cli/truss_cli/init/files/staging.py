"""A staging folder in the truss: new contents, backups of replaced files, and a journal to undo the changes.

All changes follow from renames between the staging folder and the truss, so that a run that was killed at any
point can be undone by the next run. Without a journal, nothing has been changed yet, or all has been.
"""

import hashlib
import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from truss_cli.errors import TrussError
from truss_cli.init.paths import InsidePath
from truss_cli.interrupts import END_SIGNALS

STAGING = ".truss-init"
_JOURNAL = "journal.json"
_LARGEST_JOURNAL = 10_000_000


class JournalEntry(BaseModel):
    """A file that is written or removed."""

    model_config = ConfigDict(frozen=True)

    path: InsidePath
    outside: bool = False
    """The path is relative to the top of the repository rather than to the truss."""
    digest: str | None
    """SHA-256 of the new content; None to remove the file."""


class Journal(BaseModel):
    """The changes of a run, in their order."""

    model_config = ConfigDict(frozen=True)

    entries: tuple[JournalEntry, ...]
    folders: tuple[InsidePath, ...]
    """Folders to create in the truss, each after those above it."""


class Staging(NamedTuple):
    """The staging folder of a truss."""

    folder: Path

    def new(self, number: int) -> Path:
        """Return where the new content of an entry is until it is moved into the truss."""
        return self.folder / f"new-{number}"

    def old(self, number: int) -> Path:
        """Return where the file that an entry replaces or removes is kept."""
        return self.folder / f"old-{number}"

    def write_journal(self, journal: Journal) -> None:
        """Write the journal; from here on the changes can be undone."""
        draft = self.folder / f"{_JOURNAL}.draft"
        draft.write_text(journal.model_dump_json(), encoding="utf-8")
        draft.replace(self.folder / _JOURNAL)

    def read_journal(self) -> Journal | None:
        """Return the journal, or None if it is missing or invalid."""
        path = self.folder / _JOURNAL
        try:
            if path.is_symlink() or path.stat().st_size > _LARGEST_JOURNAL:
                return None
            return Journal.model_validate(json.loads(path.read_bytes()))
        except (OSError, ValueError, RecursionError, ValidationError):
            return None

    def commit(self) -> None:
        """Make the changes permanent."""
        (self.folder / _JOURNAL).unlink()

    def undo(self, truss: Path, repository: Path | None) -> None:
        """Undo all changes so far, and remove the staging folder.

        Without a `repository`, files outside the truss are left as they are.
        """
        journal = self.read_journal()
        for number, entry in reversed(list(enumerate(journal.entries if journal else ()))):
            base = repository if entry.outside else truss
            if base is not None and not has_link(base, PurePosixPath(entry.path)):
                with suppress(OSError):
                    self._undo_entry(number, entry, base / entry.path)
        shutil.rmtree(self.folder, ignore_errors=True)
        for folder in reversed(journal.folders if journal else ()):
            if not has_link(truss, PurePosixPath(folder) / "file"):
                with suppress(OSError):
                    (truss / folder).rmdir()

    def _undo_entry(self, number: int, entry: JournalEntry, path: Path) -> None:
        new, old = self.new(number), self.old(number)
        if os.path.lexists(old):
            if entry.digest is not None or not os.path.lexists(path):
                old.replace(path)
        elif entry.digest is not None and _is_placed(new, path, entry.digest):
            path.unlink()


def _is_placed(new: Path, path: Path, digest: str) -> bool:
    """Return whether a file is the new content, moved or still linked, and was not edited since."""
    if path.is_symlink() or not path.is_file():
        return False
    if os.path.lexists(new):
        return new.samefile(path)
    return hashlib.sha256(path.read_bytes()).hexdigest() == digest


def has_link(base: Path, path: PurePosixPath) -> bool:
    """Return whether a folder above a path, below its base, is a symbolic link."""
    return any((base / parent).is_symlink() for parent in path.parents if parent.parts)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock on a folder that a truss is written to; raise `TrussError` if another run holds it.

    The system releases the lock of a process that is killed. Windows and some network file systems have none.
    """
    try:
        import fcntl  # noqa: PLC0415 - not on Windows
    except ImportError:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TrussError(f"another `truss init` is writing to {folder}") from None
        except OSError:  # no locks on this file system
            pass
        yield
    finally:
        os.close(descriptor)


def recover(truss: Path) -> bool:
    """Undo the changes of a run that was killed; return whether there were any.

    The staging folder of a run in progress is left as it is.
    """
    staging = Staging(truss / STAGING)
    if staging.folder.is_symlink() or not staging.folder.is_dir():
        return False
    try:
        with locked(truss), blocked_signals():
            is_incomplete = staging.read_journal() is not None
            staging.undo(truss, None)
    except (TrussError, OSError):
        return False
    return is_incomplete


@contextmanager
def blocked_signals() -> Iterator[None]:
    """Delay the signals that end a command until the block is left."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, END_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
