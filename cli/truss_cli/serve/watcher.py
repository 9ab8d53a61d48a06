"""Which of the truss's files change, as a process of its own sees it."""

import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from truss_cli.project import CONFIG_NAME, Truss
from truss_cli.runtime.process.descendants import die_with_parent
from truss_cli.runtime.process.standard_streams import flush_prints


class FileWatcher:
    """Reports changes of config.yaml and of the model's code; data that the model may write is left aside.

    It is a process, so that the supervisor stays without threads and can fork.
    """

    def __init__(self, truss: Truss) -> None:
        self.descriptor, writer = os.pipe()
        self._buffer = b""
        flush_prints()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self.descriptor)
            _run(truss, writer)
        os.close(writer)

    def receive(self) -> list[str]:
        """Wait for changes and return the names of the files; nothing if it has ended."""
        data = os.read(self.descriptor, 1 << 16)
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        return sorted({name for line in lines for name in json.loads(line)})

    def close(self) -> None:
        """Stop hearing of changes; the process ends with this one, at the latest."""
        os.close(self.descriptor)


def _run(truss: Truss, writer: int) -> NoReturn:
    """Be the watcher."""
    try:
        die_with_parent()
        code = [truss.model_path.parent, *truss.package_folders]
        folders = [str(path) for path in code if path.is_dir()]
        threading.Thread(target=_watch, args=(folders, writer, None), daemon=True).start()
        _watch([str(truss.folder)], writer, {CONFIG_NAME, truss.requirements_file or CONFIG_NAME})
    finally:
        os._exit(0)


def _watch(folders: Sequence[str], writer: int, names: set[str] | None) -> None:
    """Write changed files as they come: any in the folders, or those of these names right in them."""
    from watchfiles import DefaultFilter, watch  # noqa: PLC0415 - for `--reload` alone

    keep = DefaultFilter()
    for changes in watch(*folders, recursive=names is None, watch_filter=None, raise_interrupt=False):
        changed = [
            path
            for change, path in changes
            if keep(change, path) and (names is None or Path(path).name in names)
        ]
        if changed:
            os.write(writer, json.dumps(changed[:20]).encode() + b"\n")
