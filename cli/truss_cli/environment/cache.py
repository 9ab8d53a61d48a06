"""Where environments are kept, and which of them answers what config.yaml asks for."""

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from truss_cli.environment.requirements import Wanted
from truss_cli.replace_file import replace_file

_FORMAT = "1"
"""To be changed with what an environment consists of."""
_KEY_CHARACTERS = 32


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
            fields = json.loads(self._record(request).read_text("utf-8"))
            return CachedAnswer(tuple(fields["resolved"]), fields["environment"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

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


def python_in(environment: Path) -> Path:
    """Return the interpreter of an environment."""
    return environment / "bin" / "python"


def user_cache() -> Cache:
    """Return the user's: `TRUSS_CACHE_DIR`, or `truss` in the folder for such things."""
    named = os.environ.get("TRUSS_CACHE_DIR")
    if named:
        return Cache(Path(named).absolute())
    usual = "~/Library/Caches" if sys.platform == "darwin" else "~/.cache"
    return Cache(Path(os.environ.get("XDG_CACHE_HOME") or usual).expanduser() / "truss")


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
