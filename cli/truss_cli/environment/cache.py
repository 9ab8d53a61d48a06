"""Where environments are kept, and which of them answers what config.yaml asks for."""

import contextlib
import hashlib
import json
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from truss_cli.cache_folder import cache_folder
from truss_cli.environment.requirements import Wanted
from truss_cli.errors import TrussError
from truss_cli.regular_file import read_regular_file
from truss_cli.replace_file import replace_file

_FORMAT = "1"
"""To be changed with what an environment consists of."""
_KEY_CHARACTERS = 32
_KEY_FORM = re.compile(f"[0-9a-f]{{{_KEY_CHARACTERS}}}")
_MAX_RECORD_BYTES = 10_000_000
_ROOT_USER_ID = 0


class CachedAnswer(NamedTuple):
    """The lines that a request was resolved to, and the environment that was built of them."""

    resolved: tuple[str, ...]
    environment: str


class Cache(NamedTuple):
    """A folder of environments, and of records of what they answer."""

    folder: Path

    def environment(self, key: str) -> Path:
        """Return the folder of an environment, which need not be there."""
        return self.folder / "environments" / key

    def answer(self, request: str) -> CachedAnswer | None:
        """Return what a request was answered with before; None if it was not, or if that cannot be read."""
        try:
            fields = json.loads(read_regular_file(self._record(request), limit=_MAX_RECORD_BYTES))
        except (OSError, ValueError, RecursionError):
            return None
        return _cached_answer(fields)

    def prepare(self) -> None:
        """Create the folder if it is missing. Raises TrussError if it cannot be used."""
        with self.reporting_errors():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.folder / "environments").mkdir(exist_ok=True)
        if not self.is_private:
            raise TrussError(
                f"other users can change the cache folder {self.folder}",
                hint="Set TRUSS_CACHE_DIR to a folder that only you can write to.",
            )

    @property
    def is_private(self) -> bool:
        """Return whether only the user, or root, can change the folder, whose programs are run."""
        try:
            status = self.folder.stat()
        except OSError:
            return False
        if not hasattr(os, "geteuid"):
            return True
        user = os.geteuid()
        return not status.st_mode & stat.S_IWOTH and (
            user == _ROOT_USER_ID or status.st_uid in (user, _ROOT_USER_ID)
        )

    @contextlib.contextmanager
    def reporting_errors(self) -> Iterator[None]:
        """Raise TrussError in place of OSError."""
        try:
            yield
        except OSError as error:
            raise TrussError(
                f"cannot use the cache folder {self.folder}: {error.strerror or error}",
                hint="Set TRUSS_CACHE_DIR to a folder that you can write to.",
            ) from None

    def remember(self, request: str, answer: CachedAnswer) -> None:
        """Record what a request was answered with, at once and as a whole."""
        record = self._record(request)
        record.parent.mkdir(parents=True, exist_ok=True)
        fields = {"resolved": answer.resolved, "environment": answer.environment}
        replace_file(record, json.dumps(fields).encode())

    @contextlib.contextmanager
    def locked(self, key: str) -> Iterator[None]:
        """Let no other process build the same meanwhile."""
        import fcntl  # noqa: PLC0415 - not on Windows, where nothing is built

        path = self.folder / "locks" / f"{key}.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                sys.stderr.write("note: waiting for another run that builds the same environment\n")
                sys.stderr.flush()
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _record(self, request: str) -> Path:
        return self.folder / "requests" / f"{request}.json"


def _cached_answer(fields: object) -> CachedAnswer | None:
    """Return the answer in a record, which may be damaged; its key must not lead out of the cache."""
    lines = fields.get("resolved") if isinstance(fields, dict) else None
    key = fields.get("environment") if isinstance(fields, dict) else None
    if not isinstance(key, str) or not _KEY_FORM.fullmatch(key):
        return None
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        return None
    return CachedAnswer(tuple(lines), key)


def python_in(environment: Path) -> Path:
    """Return the interpreter of an environment."""
    return environment / "bin" / "python"


def user_cache() -> Cache:
    """Return the cache of the user."""
    return Cache(cache_folder())


def request_key(wanted: Wanted) -> str:
    """Return what stands for all that decides on the packages; of addresses, their text alone counts."""
    settings = (f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith("UV_"))
    return _key([*wanted.texts(), *settings])


def environment_key(resolved: Iterable[str], python: Path) -> str:
    """Return what stands for the packages and the Python that an environment is made of."""
    return _key([*resolved, str(python.resolve())])


def _key(texts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text in (_FORMAT, sys.platform, os.uname().machine, *texts):
        digest.update(text.encode("utf-8", "surrogateescape") + b"\0")
    return digest.hexdigest()[:_KEY_CHARACTERS]
