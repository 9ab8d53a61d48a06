"""A file of records that is whole under its name, and otherwise can be gone on with."""

import contextlib
import fcntl
import os
from pathlib import Path
from typing import NamedTuple

from truss_cli.errors import TrussError
from truss_cli.interrupts import deferred_interrupts
from truss_cli.predict.batch.output.fingerprint import Fingerprint
from truss_cli.predict.batch.record import ERROR_LINE_START

_BLOCK_BYTES = 1 << 20


class OutputFile(NamedTuple):
    """A file beside the one asked for, which takes its name at the end."""

    path: Path
    partial: Path
    descriptor: int
    end: int
    """Where the last whole record ends."""
    done: int
    """Records that an earlier run has written."""
    failed: int
    """How many of them are errors."""
    fingerprint: Fingerprint
    """Of the input that it belongs to."""

    def cut(self) -> None:
        """Remove what follows the last whole record, to write on from there."""
        os.ftruncate(self.descriptor, self.end)
        os.lseek(self.descriptor, self.end, os.SEEK_SET)

    def finish(self) -> None:
        """Make it last, under its name."""
        os.fsync(self.descriptor)
        with deferred_interrupts():
            self.partial.replace(self.path)
            self.fingerprint.remove()
        with contextlib.suppress(OSError):
            folder = os.open(self.path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)


def open_output(path: Path, *, resume: bool) -> OutputFile:
    """Open the file to write records to; to resume, count what an earlier run has left.

    Raises TrussError if it cannot be written, if another run writes it, or if an earlier
    run left records that are not to be resumed.
    """
    path = path.resolve()  # for a link to stay one
    if path.exists() and not path.is_file():
        hint = "Name a file; without `--output` records go to standard output."
        raise TrussError(f"{path} is not a file that can be replaced", hint=hint)
    partial = path.with_name(f"{path.name}.partial")
    try:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT, 0o666)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise TrussError(f"another run writes {partial}") from None
    except OSError as error:
        raise TrussError(f"cannot write {partial}: {error.strerror}") from None
    if os.fstat(descriptor).st_size and not resume:
        hint = "Go on with it by `--resume`, or remove it."
        raise TrussError(f"{partial} is left of an earlier run", hint=hint)
    end, done, failed = _whole_lines(descriptor)
    fingerprint = Fingerprint(partial.with_name(f"{partial.name}.input"), resume=resume and end > 0)
    return OutputFile(path, partial, descriptor, end, done, failed, fingerprint)


def finished_records(path: Path) -> tuple[int, int] | None:
    """Return how many records a finished run has left here, and how many of them are errors.

    None if a run is to be begun or resumed.
    """
    partial = path.resolve().with_name(f"{path.resolve().name}.partial")
    if not path.is_file() or (partial.exists() and partial.stat().st_size):
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise TrussError(f"cannot read {path}: {error.strerror}") from None
    try:
        _end, records, failed = _whole_lines(descriptor)
        return records, failed
    finally:
        os.close(descriptor)


def _whole_lines(descriptor: int) -> tuple[int, int, int]:
    """Return where the last whole line ends, how many there are, and how many report an error.

    A NUL is no part of a record: after a loss of power it stands for what was not yet written.
    """
    end = done = failed = 0
    rest = b""
    while block := os.read(descriptor, _BLOCK_BYTES):
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            if b"\0" in line:
                return end, done, failed
            end += len(line) + 1
            done += 1
            failed += line.startswith(ERROR_LINE_START)
    return end, done, failed
