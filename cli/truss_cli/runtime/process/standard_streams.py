"""Standard output for the result alone."""

from __future__ import annotations

import math
import os
import select
import sys

from truss_cli.errors import TrussError

_STDIN, _STDOUT, _STDERR = 0, 1, 2


def require_standard_streams() -> None:
    """Raise TrussError if stdout is closed, and open the null device for the others if they are.

    To be called before any file is opened, which would take the place of a closed one.
    """
    try:
        os.fstat(_STDOUT)
    except OSError:
        raise TrussError("standard output is closed, so there is nowhere to print the result") from None
    for descriptor in (_STDIN, _STDERR):
        _open_if_closed(descriptor)


def claim_stdout() -> int:
    """Hand descriptor 1 to stderr and give a private one for what was stdout.

    Whatever prints from now on, in Python, in C or in a child process, prints
    to stderr. The private descriptor is not inherited by programs.
    """
    result = os.dup(_STDOUT)
    os.dup2(_STDERR, _STDOUT)
    # The streams made at start-up remember what kind of file the descriptor was.
    sys.stdout = open(  # noqa: SIM115 - of a descriptor, for as long as the process
        _STDOUT, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )
    sys.__stdout__ = sys.stdout  # type: ignore[misc]  # final to others
    return result


def keep_stdin_from_model() -> None:
    """Let the model read an empty stdin; a terminal is left to it, for a debugger."""
    if not os.isatty(_STDIN):
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, _STDIN)
        os.close(null)


def flush_prints() -> None:
    """Write out what the model has printed and Python still holds."""
    for stream in (sys.stdout, sys.__stdout__, sys.stderr, sys.__stderr__):
        try:
            if stream:
                stream.flush()
        except (OSError, ValueError):
            continue


def readable(descriptor: int, seconds: float | None) -> bool:
    """Wait until there is something to read, or the end of it; with None for ever."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(None if seconds is None else math.ceil(seconds * 1000)))


def read_some(descriptor: int, size: int) -> bytes:
    """Wait for input and read what is there, none at its end; the descriptor may be set not to block."""
    while True:
        try:
            return os.read(descriptor, size)
        except BlockingIOError:
            readable(descriptor, None)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all bytes, as `read_some` reads; raises BrokenPipeError when the reader has gone."""
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            poll = select.poll()
            poll.register(descriptor, select.POLLOUT)
            poll.poll()


def _open_if_closed(descriptor: int) -> None:
    try:
        os.fstat(descriptor)
    except OSError:
        null = os.open(os.devnull, os.O_RDWR)
        if null != descriptor:
            os.dup2(null, descriptor)
            os.close(null)
