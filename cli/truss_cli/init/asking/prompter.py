"""Whether somebody can be asked, and by which means."""

import io
import os
import sys
from enum import Enum
from typing import Protocol

from truss_cli.init.template.question import Answer, Question


class Back(Enum):
    """The wish to answer the question before once more."""

    BACK = "back"


BACK = Back.BACK


class Prompter(Protocol):
    """Asks one question at a time on a terminal."""

    def ask(self, question: Question, offer: str) -> Answer | Back:
        """Return a valid answer, or BACK; `offer` if nothing is typed.

        Raises `TrussError` at the end of input, and KeyboardInterrupt on Ctrl-C.
        """

    def confirm(self, prompt: str) -> bool:
        """Return whether a yes was given; anything else is a no."""


def find_prompter() -> Prompter | None:
    """Return the means to ask, or None if no one is there: one of the three streams is no terminal."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if not all(stream is not None and stream.isatty() for stream in streams):
        return None
    if os.environ.get("TERM", "dumb") != "dumb" and _is_real(sys.stdin):
        try:
            from truss_cli.init.asking.interactive import InteractivePrompter  # noqa: PLC0415 - an extra
        except ImportError:
            pass
        else:
            return InteractivePrompter()
    from truss_cli.init.asking.plain import PlainPrompter  # noqa: PLC0415 - only without the extra

    return PlainPrompter()


def _is_real(stream: object) -> bool:
    """Whether a stream has a file descriptor, which arrow keys take."""
    try:
        return isinstance(stream, io.TextIOBase) and stream.fileno() >= 0
    except (OSError, ValueError):
        return False
