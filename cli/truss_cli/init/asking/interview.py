"""What is to be made: from the command line, then from whoever is at the terminal, then the defaults."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from truss_cli.errors import TrussError
from truss_cli.init.asking import questions
from truss_cli.init.asking.prompter import BACK, Prompter
from truss_cli.init.files.target import Target, examine
from truss_cli.init.options import InitOptions
from truss_cli.init.template.gallery import DEFAULT_TEMPLATE, Template
from truss_cli.init.template.question import Answer, InvalidAnswerError, Question

FindTemplate = Callable[[str], Template]
_FLAGS = ("name", "python", "accelerator")


class Choices(NamedTuple):
    """All that a truss is made from."""

    target: Target
    source: str
    """The template as it was named, so that it is found again."""
    template: Template
    answers: Mapping[str, Answer]
    with_tests: bool
    with_ci: bool


class Interview:
    """Answers one question after another; at a terminal one can go back."""

    def __init__(self, options: InitOptions, find: FindTemplate, prompter: Prompter | None) -> None:
        self._options = options
        self._find = find
        self._prompter = prompter
        self._given = _given_texts(options)
        self._own: dict[str, Answer] = _own_given(options)
        if prompter is None:
            self._own.setdefault("template", DEFAULT_TEMPLATE)
        self._answers: dict[str, Answer] = {}
        self._asked: list[tuple[dict[str, Answer], Question]] = []
        self._offers: dict[str, str] = {}

    def take(self) -> Choices:
        """Return what was chosen; raise `TrussError` for a given answer that is not valid."""
        while (step := next(self._open(), None)) is not None:
            if self._prompter is None:
                answers, question = step
                answers[question.key] = question.default
            else:
                self._ask(self._prompter, *step)
        own = self._own
        return Choices(
            examine(str(own["directory"])),
            str(own["template"]),
            self._find(str(own["template"])),
            self._answers,
            bool(own.get("with_tests")),
            bool(own["with_ci"]),
        )

    def _open(self) -> Iterator[tuple[dict[str, Answer], Question]]:
        """Yield the questions without an answer, in order, each with where its answer goes."""
        own = self._own
        if "directory" not in own:
            if self._prompter is None:
                raise TrussError("no folder is given", hint="Name one: `truss init my-model`.")
            yield own, questions.directory(may_hold_files=self._options.force)
        target = examine(str(own["directory"]))
        if "template" not in own:
            yield own, questions.template()
        manifest = self._find(str(own["template"])).manifest
        asked = manifest.all_questions(target.name)
        self._answers |= parse_given(asked, self._given)
        yield from ((self._answers, question) for question in asked if question.key not in self._answers)
        if manifest.tests and "with_tests" not in own:
            yield own, questions.TESTS
        if "with_ci" not in own:
            yield own, questions.CI

    def _ask(self, prompter: Prompter, answers: dict[str, Answer], question: Question) -> None:
        answer = prompter.ask(question, self._offers.get(question.key, question.offer))
        if answer is not BACK:
            answers[question.key] = answer
            self._asked.append((answers, question))
        elif self._asked:
            before, last = self._asked.pop()
            self._offers[last.key] = last.shown(before.pop(last.key))


def _given_texts(options: InitOptions) -> dict[str, str]:
    flags = {key: text for key in _FLAGS if (text := getattr(options, key)) is not None}
    settings = parse_settings(options.settings)
    if twice := sorted(flags.keys() & settings.keys()):
        raise TrussError(f"{twice[0]} is given twice: with --{twice[0]} and with --set")
    return flags | settings


def _own_given(options: InitOptions) -> dict[str, Answer]:
    keys = ("directory", "template", "with_tests", "with_ci")
    return {key: value for key in keys if (value := getattr(options, key)) is not None}


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


def parse_given(asked: Sequence[Question], given: Mapping[str, str]) -> dict[str, Answer]:
    """Read answers given as text; raise `TrussError` for one that is not valid, or that answers nothing."""
    keys = [question.key for question in asked]
    if unknown := sorted(given.keys() - set(keys)):
        raise TrussError(
            f"the template does not ask for {unknown[0]!r}", hint=f"It asks for {', '.join(keys)}."
        )
    return {
        question.key: _parse(question, given[question.key]) for question in asked if question.key in given
    }


def _parse(question: Question, text: str) -> Answer:
    try:
        return question.parse(text)
    except InvalidAnswerError as error:
        raise TrussError(f"{question.key} cannot be {text!r}: {error}") from error
