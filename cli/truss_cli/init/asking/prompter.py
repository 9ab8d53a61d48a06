"""The interface by which questions are asked on a terminal."""

from enum import Enum
from typing import Protocol

from truss_cli.init.template.question import Answer, Question


class Back(Enum):
    """The wish to return to the previous question."""

    BACK = "back"


BACK = Back.BACK


class Prompter(Protocol):
    """Asks one question at a time on a terminal."""

    def ask(self, question: Question, offer: str) -> Answer | Back:
        """Return a valid answer, or BACK; `offer` if nothing is typed.

        Raises `TrussError` at the end of input, and KeyboardInterrupt on Ctrl-C.
        """

    def confirm(self, prompt: str) -> bool:
        """Return whether the answer is yes."""
