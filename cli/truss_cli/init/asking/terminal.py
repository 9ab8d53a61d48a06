"""Detection of a terminal, and selection of the prompter that fits it."""

import io
import os
import sys

from truss_cli.init.asking.plain import PlainPrompter
from truss_cli.init.asking.prompter import Prompter


def find_prompter() -> Prompter | None:
    """Return a prompter for the terminal, or None if a standard stream is not a terminal."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if not all(stream is not None and stream.isatty() for stream in streams):
        return None
    if os.environ.get("TERM", "dumb") != "dumb" and _has_descriptor(sys.stdin):
        try:
            from truss_cli.init.asking.interactive import InteractivePrompter  # noqa: PLC0415 - an extra
        except ImportError:
            pass
        else:
            return InteractivePrompter()
    return PlainPrompter()


def _has_descriptor(stream: object) -> bool:
    """Return whether a stream has a file descriptor, which reading of arrow keys requires."""
    try:
        return isinstance(stream, io.TextIOBase) and stream.fileno() >= 0
    except (OSError, ValueError):
        return False
