"""Writing of the files of a truss: all of them or none."""

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from truss_cli.errors import TrussError
from truss_cli.init.files.plan import PlannedFile
from truss_cli.init.files.staging import (
    STAGING,
    Journal,
    JournalEntry,
    Staging,
    blocked_signals,
    has_link,
    locked,
)
from truss_cli.init.files.target import Place

_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


class FileWriter:
    """Writes and removes files of a truss, and undoes all of it if that fails or a signal arrives.

    With `replace`, existing files are replaced, else they are an error. `expected` are contents that
    files must still have; None for a file that must be missing.
    """

    def __init__(
        self, truss: Path, *, replace: bool = False, expected: Mapping[Place, bytes | None] | None = None
    ) -> None:
        self._truss = truss
        self._replace = replace
        self._expected = expected or {}
        self._staging = Staging(truss / STAGING)
        self._created: list[Path] = []
        self._current = truss

    def write(self, files: Sequence[PlannedFile], obsolete: Sequence[Place] = ()) -> None:
        """Write files, then remove others. Raises `TrussError` if that is impossible."""
        self._current = next((file.place.on_disk for file in files), self._truss)
        try:
            self._create_folder(self._truss)
            with locked(self._truss):
                self._write_locked(files, obsolete)
        except OSError as error:
            reason = error.strerror or str(error)
            raise TrussError(
                f"{self._current} cannot be written: {reason}", hint="Nothing was left behind."
            ) from error
        finally:
            for folder in reversed(self._created):  # those with files in them stay
                with suppress(OSError):
                    folder.rmdir()

    def _write_locked(self, files: Sequence[PlannedFile], obsolete: Sequence[Place]) -> None:
        places = [*(file.place for file in files), *obsolete]
        outside = next((place.base for place in places if place.base != self._truss), None)
        if os.path.lexists(self._staging.folder):
            raise TrussError(
                f"{self._staging.folder} is in the way", hint="Remove it if no other `truss init` is running."
            )
        try:
            self._staging.folder.mkdir(mode=0o700)
            self._stage(files)
            self._staging.write_journal(self._journal(files, obsolete))
            for number, place in enumerate(places):
                self._current = place.on_disk
                self._change(number, place, is_removed=number >= len(files))
            self._staging.commit()
        finally:
            with blocked_signals():
                self._staging.undo(self._truss, outside)

    def _stage(self, files: Sequence[PlannedFile]) -> None:
        for number, file in enumerate(files):
            self._current = file.place.on_disk
            mode = 0o777 if file.executable else 0o666
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            with open(os.open(self._staging.new(number), flags, mode), "wb") as stream:  # noqa: PTH123
                stream.write(file.content)

    def _journal(self, files: Sequence[PlannedFile], obsolete: Sequence[Place]) -> Journal:
        entries = [self._entry(file.place, hashlib.sha256(file.content).hexdigest()) for file in files] + [
            self._entry(place, None) for place in obsolete
        ]
        folders = {
            parent
            for entry in entries
            for parent in PurePosixPath(entry.path).parents
            if not entry.outside and parent.parts and not (self._truss / parent).exists()
        }
        return Journal(entries=tuple(entries), folders=tuple(map(str, sorted(folders))))

    def _entry(self, place: Place, digest: str | None) -> JournalEntry:
        return JournalEntry(path=place.path.as_posix(), outside=place.base != self._truss, digest=digest)

    def _change(self, number: int, place: Place, *, is_removed: bool) -> None:
        path, old = place.on_disk, self._staging.old(number)
        if has_link(*place):
            raise TrussError(f"{path} cannot be written: a folder above it is a symbolic link")
        if is_removed:
            path.rename(old)
            self._require_expected(place, old)
            return
        self._create_folder(path.parent)
        new = self._staging.new(number)
        if self._replace and os.path.lexists(path):
            _back_up(path, old)
            self._require_expected(place, old)
            if stat.S_ISREG(mode := old.lstat().st_mode):
                new.chmod(stat.S_IMODE(mode) & 0o777 | new.stat().st_mode & stat.S_IXUSR)
            new.replace(path)
        else:
            _link_or(_rename_new, new, path)
            new.unlink(missing_ok=True)

    def _require_expected(self, place: Place, old: Path) -> None:
        if place in self._expected and (old.is_symlink() or old.read_bytes() != self._expected[place]):
            raise TrussError(f"{place.on_disk} was edited in the meantime", hint="Run the command again.")

    def _create_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._create_folder(folder.parent)
        self._created.append(folder)
        folder.mkdir(exist_ok=True)


def _back_up(path: Path, old: Path) -> None:
    """Keep a file, or the symbolic link itself, under a second name."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        old.symlink_to(path.readlink())
    elif stat.S_ISREG(mode):
        _link_or(shutil.copy2, path, old)
    else:
        raise OSError(None, "not a regular file")


def _link_or(otherwise: Callable[[Path, Path], object], source: Path, path: Path) -> None:
    """Create a hard link, which never overwrites; without hard links on the file system, do otherwise."""
    try:
        path.hardlink_to(source)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        otherwise(source, path)


def _rename_new(source: Path, path: Path) -> None:
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    shutil.move(source, path)
