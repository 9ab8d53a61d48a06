"""`--watch`: run the same command again whenever a file of the trusses changes."""

import os
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import IO, NoReturn

from truss_cli.child_program import started_program
from truss_cli.packages import require_extra

WATCH = "--watch"
_SUFFIXES = frozenset({".py", ".toml", ".txt", ".yaml", ".yml"})
"""Of files that a check or a model is made of; others a model may write itself."""
_WAIT_MILLISECONDS = 200
_CLEAR = "\x1b[2J\x1b[H"

Changes = Iterator[set[str]]
"""The files that have changed since the last time; an empty set after a while without changes."""


def run_on_changes(
    paths: Sequence[Path],
    *,
    also: Collection[Path] = (),
    without: Path | None = None,
    takes_input: bool = False,
) -> NoReturn:
    """Run this command without `--watch`, now and after each change, until Ctrl-C.

    Each run is a process of its own; one that is still running at a change is
    ended. `also` are files to watch, whatever their name; `without` is one that the
    command writes. `takes_input`: standard input is read once, and given to each run.
    Raises TrussError without watchfiles.
    """
    command = [sys.executable, "-P", "-m", "truss_cli", *_without_watch(sys.argv[1:])]
    data = sys.stdin.buffer.read() if takes_input and not sys.stdin.isatty() else None
    changes = _changes(paths, also, without)
    next(changes)  # so that what changes during the first run is noticed
    while True:
        if sys.stdout.isatty():
            sys.stdout.write(_CLEAR)
            sys.stdout.flush()
        changed = _run_until_change(command, data, changes)
        _say(f"{_named(changed)} changed.")


def _run_until_change(command: Sequence[str], data: bytes | None, changes: Changes) -> set[str]:
    stdin = subprocess.PIPE if data is not None else None
    with started_program(command, stdin=stdin) as process:
        if data is not None:
            _feed(process.stdin, data)
        return _next_change(process, changes)


def _next_change(process: "subprocess.Popen[bytes]", changes: Changes) -> set[str]:
    running = True
    for changed in changes:
        if running and process.poll() is not None:
            running = False
            _say("Watching for changes; Ctrl-C ends this.")
        if changed:
            return changed
    raise KeyboardInterrupt


def _changes(paths: Sequence[Path], also: Collection[Path], without: Path | None) -> Changes:
    """Yield changes of the files at and under the paths, waiting for what is not there."""
    require_extra("watch", "`--watch`")
    from watchfiles import Change, DefaultFilter, watch  # noqa: PLC0415 - an extra

    default = DefaultFilter()
    exact = {os.path.abspath(path) for path in also}  # noqa: PTH100 - links stay as they are named
    written = os.path.abspath(without) if without else None  # noqa: PTH100 - same reason

    def is_source(change: Change, path: str) -> bool:
        known = path in exact or (Path(path).suffix in _SUFFIXES and default(change, path))
        return known and path != written

    watched = [path if path.is_dir() else path.parent for path in (*paths, *also)]
    new_folders: set[str] = set()
    while True:
        missing = {str(path) for path in watched if not path.is_dir()}
        if missing:
            new_folders = missing
            time.sleep(_WAIT_MILLISECONDS / 1000)
            yield set()
            continue
        for changes in watch(
            *watched,
            watch_filter=is_source,
            rust_timeout=_WAIT_MILLISECONDS,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            yield {path for _, path in changes} | new_folders
            new_folders = set()
            if not all(path.is_dir() for path in watched):
                yield {str(path) for path in watched if not path.is_dir()}
                break


def _feed(stream: IO[bytes] | None, data: bytes) -> None:
    if stream is not None:
        try:
            stream.write(data)
            stream.close()
        except BrokenPipeError:  # it ended without reading
            return


def _without_watch(arguments: Sequence[str]) -> list[str]:
    return [argument for argument in arguments if argument != WATCH]


def _named(changed: Collection[str]) -> str:
    from truss_cli.display import relative_name, visible  # noqa: PLC0415 - only after a change

    first, *more = sorted(changed)
    return visible(relative_name(first)) + (f" and {len(more)} more" if more else "")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
