"""Answers to a template's questions: from the command line, then from the terminal, then the defaults."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

from truss_cli.errors import TrussError
from truss_cli.init.question import Answer, InvalidAnswerError, Question


def can_ask() -> bool:
    """Whether someone is there to answer: all three streams are terminals."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def parse_settings(settings: Sequence[str]) -> dict[str, str]:
    """Read `key=value` texts; raise `TrussError` at one that is not, or a key given twice."""
    given: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals:
            raise TrussError(f"--set {setting!r} is not of the form key=value")
        if key in given:
            raise TrussError(f"--set {key} is given twice")
        given[key] = value
    return given


def collect_answers(
    questions: Sequence[Question], given: Mapping[str, str], *, ask: bool
) -> dict[str, Answer]:
    """Answer every question; raise `TrussError` at an answer that is not valid or answers nothing."""
    keys = [question.key for question in questions]
    if unknown := sorted(given.keys() - set(keys)):
        raise TrussError(
            f"the template does not ask for {unknown[0]!r}", hint=f"It asks for {', '.join(keys)}."
        )
    answers = {question.key: _given(question, given) for question in questions if question.key in given}
    for question in questions:
        if question.key not in answers:
            answers[question.key] = _asked(question) if ask else question.default
    return answers


def _given(question: Question, given: Mapping[str, str]) -> Answer:
    text = given[question.key]
    try:
        return question.parse(text)
    except InvalidAnswerError as error:
        raise TrussError(f"{question.key} cannot be {text!r}: {error}") from error


def _asked(question: Question) -> Answer:
    choices = f" ({', '.join(question.choices)})" if question.choices else ""
    while True:
        text = _line(f"{question.ask}{choices} [{question.offer}]: ")
        try:
            return question.parse(text) if text else question.default
        except InvalidAnswerError as error:
            sys.stderr.write(f"  {error}\n")


def confirm(prompt: str) -> bool:
    """Ask for a yes; anything else is a no."""
    return _line(f"{prompt} [y/N]: ").lower() in {"y", "yes"}


def _line(prompt: str) -> str:
    with suppress(ImportError):
        import readline  # noqa: F401, PLC0415 - gives `input` the keys to edit a line, where there is one
    try:
        return input(prompt).strip()
    except EOFError:
        sys.stderr.write("\n")
        raise TrussError("the input ended before the last question; nothing was written") from None
