"""What an unfinished output belongs to: a fingerprint of the input's start, in a file beside it."""

import contextlib
import hashlib
import json
from pathlib import Path

from truss_cli.errors import TrussError
from truss_cli.replace_file import replace_file

_MOST_BYTES = 1 << 16


class Fingerprint:
    """The SHA-256 of the first bytes of an input, as it is read; of few as long as only few are there."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        """Keep it in a file; to resume, expect what an earlier run has put there."""
        self._path = path
        self._expected = _read(path) if resume else None
        self._start = bytearray()
        self._saved = 0

    @property
    def expected_bytes(self) -> int:
        """How much of the input an earlier run knew."""
        return self._expected[0] if self._expected else 0

    def update(self, block: bytes) -> None:
        """Take the next block of the input."""
        if len(self._start) == _MOST_BYTES:
            return
        self._start += block[: _MOST_BYTES - len(self._start)]
        least = max(2 * self._saved, self.expected_bytes)
        if len(self._start) >= least or len(self._start) == _MOST_BYTES:
            self._save()

    def require_match(self) -> None:
        """Raise TrussError if the input does not begin as that of the earlier run."""
        if self._expected is None:
            return
        size, digest = self._expected
        if len(self._start) < size or _digest(self._start[:size]) != digest:
            name = self._path.name.removesuffix(".input")
            raise TrussError(
                f"{name} is left of a run over another input",
                hint="Give the input of that run, or remove the file to begin anew.",
            )

    def remove(self) -> None:
        """Remove the file."""
        self._path.unlink(missing_ok=True)

    def _save(self) -> None:
        if self._expected is not None and _digest(self._start[: self._expected[0]]) != self._expected[1]:
            return  # of another input, which is refused
        self._saved = len(self._start)
        with contextlib.suppress(OSError):  # a full disk is reported where answers are written
            fields = {"bytes": self._saved, "sha256": _digest(self._start)}
            replace_file(self._path, f"{json.dumps(fields)}\n".encode())


def _digest(data: bytes | bytearray) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(path: Path) -> tuple[int, str] | None:
    try:
        fields = json.loads(path.read_text())
        return int(fields["bytes"]), str(fields["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
