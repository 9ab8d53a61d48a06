"""Which of the truss's files change, as a process of its own sees it."""

import contextlib
import json
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, NoReturn

from truss_cli.descendants import ended_with_this
from truss_cli.display import relative_name
from truss_cli.errors import TrussError
from truss_cli.project import CONFIG_NAME, Truss
from truss_cli.runtime.process.standard_streams import flush_prints

_CODE = frozenset(
    [".cfg", ".ini", ".j2", ".jinja", ".json", ".py", ".pyi", ".sql", ".toml", ".txt", ".yaml", ".yml"]
)
"""Suffixes of files that people write; what a model may download or write beside them has others."""


_START_MILLISECONDS = 500
"""After which to look for what has changed while the watch was set up."""


class FileWatcher:
    """Reports changes of config.yaml and of the model's code; data that the model may write is left aside.

    It is a process, so that the supervisor stays without threads and can fork.
    """

    def __init__(self, truss: Truss) -> None:
        self.descriptor, writer = os.pipe()
        self._top = str(truss.folder.resolve())
        self._buffer = b""
        watched = _watched_by(truss)
        flush_prints()
        end_with_supervisor = ended_with_this(signal.SIGKILL)
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self.descriptor)
            end_with_supervisor()
            _run(watched, writer)
        os.close(writer)

    def receive(self) -> list[str]:
        """Wait for changes and return the files, relative to the truss; raise TrussError if that fails."""
        data = os.read(self.descriptor, 1 << 16)
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        found = [json.loads(line) for line in lines]
        reason = next(
            (one for one in found if isinstance(one, str)), None if data else "the watcher has ended"
        )
        if reason is not None:
            message = f"the truss's files cannot be watched: {reason}"
            raise TrussError(message, hint="Serve without `--reload`.")
        return sorted({relative_name(name, self._top) for names in found for name in names})

    def close(self) -> None:
        """Stop hearing of changes; the process ends with this one, at the latest."""
        os.close(self.descriptor)


class _Watched(NamedTuple):
    """Folders, the names of the files in them that count (None: all code beneath), and how they were."""

    folders: Sequence[str]
    names: frozenset[str] | None
    before: Mapping[str, tuple[int, int]]

    def counts(self, path: str) -> bool:
        """Whether a file is one of those that are watched."""
        return os.path.basename(path) in self.names if self.names else os.path.splitext(path)[1] in _CODE  # noqa: PTH119, PTH122 - of many

    def now(self) -> Mapping[str, tuple[int, int]]:
        """Return the time and size of each file."""
        found = {}
        for folder in self.folders:
            for top, folders, files in os.walk(folder):
                if self.names:
                    folders.clear()
                for path in (os.path.join(top, name) for name in files):  # noqa: PTH118 - as above
                    with contextlib.suppress(OSError):
                        if self.counts(path):
                            status = os.stat(path)  # noqa: PTH116 - as above
                            found[path] = (status.st_mtime_ns, status.st_size)
        return found

    def changed(self) -> set[str]:
        """Return the files that are not as they were before."""
        now = self.now()
        return {path for path in {*now, *self.before} if now.get(path) != self.before.get(path)}


def _watched_by(truss: Truss) -> list[_Watched]:
    """Return what is watched of a truss, as it is before the model is loaded."""
    code = [truss.model_path.parent, *truss.package_folders]
    settings = frozenset({CONFIG_NAME, truss.requirements_file or CONFIG_NAME})
    all_watched = (
        _Watched([str(path) for path in code if path.is_dir()], None, {}),
        _Watched([str(truss.folder)], settings, {}),
    )
    return [watched._replace(before=watched.now()) for watched in all_watched]


def _run(all_watched: Sequence[_Watched], writer: int) -> NoReturn:
    """Be the watcher."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the supervisor
        code, settings = all_watched
        threading.Thread(target=_watch, args=(code, writer), daemon=True).start()
        _watch(settings, writer)
    finally:
        os._exit(0)


def _watch(watched: _Watched, writer: int) -> None:
    """Write changed files as they come."""
    try:
        for changed in _changes(watched):
            _write(writer, changed[:20])
    except Exception as error:  # noqa: BLE001 - such as too few watches
        _write(writer, str(error) or type(error).__name__)


def _changes(watched: _Watched) -> Iterator[list[str]]:
    from watchfiles import Change, DefaultFilter, watch  # noqa: PLC0415 - for `--reload` alone

    keep = DefaultFilter()
    started = False
    for changes in watch(
        *watched.folders,
        recursive=watched.names is None,
        watch_filter=None,
        raise_interrupt=False,
        yield_on_timeout=True,
        rust_timeout=_START_MILLISECONDS,
    ):
        changed = {path for change, path in changes if keep(change, path) and watched.counts(path)}
        if not started:  # what has changed before the system watched
            started = True
            changed |= {path for path in watched.changed() if keep(Change.modified, path)}
        if changed:
            yield sorted(changed)


def _write(writer: int, message: list[str] | str) -> None:
    os.write(writer, json.dumps(message).encode() + b"\n")
