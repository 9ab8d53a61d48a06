"""Which of the truss's files change, as a process of its own sees it."""

import json
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from truss_cli.display import relative_name
from truss_cli.errors import TrussError
from truss_cli.project import CONFIG_NAME, Truss
from truss_cli.runtime.process.lifetime.descendants import die_with_parent
from truss_cli.runtime.process.standard_streams import flush_prints

_CODE = frozenset(
    [".cfg", ".ini", ".j2", ".jinja", ".json", ".py", ".pyi", ".sql", ".toml", ".txt", ".yaml", ".yml"]
)
"""Suffixes of files that people write; what a model may download or write beside them has others."""


class FileWatcher:
    """Reports changes of config.yaml and of the model's code; data that the model may write is left aside.

    It is a process, so that the supervisor stays without threads and can fork.
    """

    def __init__(self, truss: Truss) -> None:
        self.descriptor, writer = os.pipe()
        self._top = str(truss.folder.resolve())
        self._buffer = b""
        flush_prints()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self.descriptor)
            _run(truss, writer)
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


def _run(truss: Truss, writer: int) -> NoReturn:
    """Be the watcher."""
    try:
        die_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the supervisor
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        code = [truss.model_path.parent, *truss.package_folders]
        folders = [str(path) for path in code if path.is_dir()]
        threading.Thread(target=_watch, args=(folders, writer, None), daemon=True).start()
        _watch([str(truss.folder)], writer, {CONFIG_NAME, truss.requirements_file or CONFIG_NAME})
    finally:
        os._exit(0)


def _watch(folders: Sequence[str], writer: int, names: set[str] | None) -> None:
    """Write changed files as they come: code in the folders, or what bears these names right in them."""
    try:
        for changed in _changes(folders, names):
            _write(writer, changed[:20])
    except Exception as error:  # noqa: BLE001 - such as too few watches
        _write(writer, str(error) or type(error).__name__)


def _changes(folders: Sequence[str], names: set[str] | None) -> Iterator[list[str]]:
    from watchfiles import DefaultFilter, watch  # noqa: PLC0415 - for `--reload` alone

    keep = DefaultFilter()
    for changes in watch(*folders, recursive=names is None, watch_filter=None, raise_interrupt=False):
        paths = [Path(path) for change, path in changes if keep(change, path)]
        changed = [str(path) for path in paths if (path.name in names if names else path.suffix in _CODE)]
        if changed:
            yield changed


def _write(writer: int, message: list[str] | str) -> None:
    os.write(writer, json.dumps(message).encode() + b"\n")
