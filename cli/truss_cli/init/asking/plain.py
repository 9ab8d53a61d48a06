"""Questions line by line, for any terminal."""

import sys
from contextlib import suppress

from truss_cli.display import visible
from truss_cli.errors import TrussError
from truss_cli.init.asking.prompter import BACK, Back
from truss_cli.init.template.question import Answer, InvalidAnswerError, Question

_BACK = "<"


class PlainPrompter:
    """Asks with `input`; `<` goes back, and a choice may be given by its number."""

    def __init__(self) -> None:
        self._explained = False

    def ask(self, question: Question, offer: str) -> Answer | Back:
        """Return a valid answer, or BACK."""
        if not self._explained:
            sys.stdout.write(f"Enter takes what is in brackets; {_BACK} goes back.\n")
            self._explained = True
        numbered = list(question.choices) if question.described else []
        for number, choice in enumerate(numbered, start=1):
            sys.stdout.write(visible(f"  {number:2}  {choice:13} {question.described[choice]}") + "\n")
        shown = f" ({', '.join(question.choices)})" if question.choices and not numbered else ""
        while True:
            text = _line(f"{visible(question.ask)}{visible(shown)} [{visible(offer)}]: ")
            if text == _BACK:
                return BACK
            try:
                return question.parse(_numbered(text, numbered) or offer)
            except InvalidAnswerError as error:
                sys.stderr.write(f"  {visible(str(error))}\n")

    def confirm(self, prompt: str) -> bool:
        """Return whether a yes was given."""
        return _line(f"{visible(prompt)} [y/N]: ").lower() in {"y", "yes"}


def _numbered(text: str, choices: list[str]) -> str:
    """Return the choice of a number, or the text itself."""
    if text.isdecimal() and 1 <= int(text) <= len(choices):
        return choices[int(text) - 1]
    return text


def _line(prompt: str) -> str:
    with suppress(ImportError):
        import readline  # noqa: F401, PLC0415 - gives `input` the keys to edit a line, where there is one
    try:
        return input(prompt).strip()
    except EOFError:
        sys.stderr.write("\n")
        raise TrussError("the input ended before the last question; nothing was written") from None
