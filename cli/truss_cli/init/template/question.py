"""A question that a template asks, and what makes an answer to it valid."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from truss_cli.config.schema.resources import ACCELERATORS
from truss_cli.config.schema.root import PYTHON_VERSIONS, Config
from truss_cli.init.template.limits import TemplateTimeoutError, time_limit

_MATCH_SECONDS = 1.0
Answer = str | int | bool
LARGEST_NUMBER = 10**18
"""Whole numbers are smaller: they have at most 18 digits."""

_YES_NO = {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}


class InvalidAnswerError(ValueError):
    """The text is no answer to the question; the message says what would be."""


class Question(BaseModel):
    """One question: the kind of its default (text, whole number, yes or no) is the kind of its answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    ask: str
    default: Answer
    choices: tuple[str, ...] = ()
    described: Mapping[str, str] = {}
    """A line on each choice, where one is needed."""
    pattern: str | None = None
    expects: str | None = None
    """What a text that matches `pattern` is, in words."""

    @model_validator(mode="after")
    def _default_is_an_answer(self) -> "Question":
        try:
            re.compile(self.pattern or "")
        except re.error as error:
            raise ValueError(f"pattern is not a regular expression: {error}") from error
        self.parse(self.offer)
        return self

    @property
    def offer(self) -> str:
        """The default as it is shown and may be typed."""
        return self.shown(self.default)

    @staticmethod
    def shown(answer: Answer) -> str:
        """Return an answer as it may be typed."""
        if isinstance(answer, bool):
            return "yes" if answer else "no"
        return str(answer)

    def parse(self, text: str) -> Answer:
        """Read an answer, or raise `InvalidAnswerError`."""
        if isinstance(self.default, bool):
            return self._yes_or_no(text)
        if isinstance(self.default, int):
            return self._whole_number(text)
        if self.choices and text not in self.choices:
            raise InvalidAnswerError(f"expected one of {', '.join(self.choices)}")
        if self.pattern and not _matches(self.pattern, text):
            raise InvalidAnswerError(f"expected {self.expects or f'a text like {self.pattern}'}")
        if not _is_unicode(text):
            raise InvalidAnswerError("expected text that can be written as UTF-8")
        return text

    @staticmethod
    def _yes_or_no(text: str) -> bool:
        try:
            return _YES_NO[text.lower()]
        except KeyError:
            raise InvalidAnswerError("expected yes or no") from None

    @staticmethod
    def _whole_number(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,18}", text):
            raise InvalidAnswerError("expected a whole number")
        return int(text)


def _matches(pattern: str, text: str) -> bool:
    """Whether all of a text matches; one on which the matching takes too long does not."""
    try:
        with time_limit(_MATCH_SECONDS):
            return re.fullmatch(pattern, text) is not None
    except TemplateTimeoutError:
        return False


def _is_unicode(text: str) -> bool:
    """Whether UTF-8 can hold the text; bytes that the shell passed on undecoded are lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


class PythonQuestion(Question):
    """Which Python to deploy with; takes 3.12 and python3.12 for py312, as people write it."""

    def parse(self, text: str) -> Answer:
        """Read an answer in any spelling, or raise `InvalidAnswerError`."""
        spelled = re.fullmatch(r"(?:py(?:thon)?)?([23])\.?([0-9]{1,2})", text.strip().lower())
        return super().parse(f"py{spelled[1]}{spelled[2]}" if spelled else text)


PYTHONS = tuple(version for version in PYTHON_VERSIONS if version != "py39")  # which is deprecated
NO_ACCELERATOR = "none"
_NAMELESS = "my-model"


def name(default: str) -> Question:
    """Ask what the truss is called: any text that is not blank. The default is the name of its folder."""
    written = default.encode("utf-8", "backslashreplace").decode("utf-8")
    return Question(
        key="name",
        ask="Name of the truss",
        default=written if written.strip() else _NAMELESS,
        pattern=r"(?s).*\S.*",
        expects="a name",
    )


PYTHON = PythonQuestion(
    key="python",
    ask="Python version",
    default=Config.model_fields["python_version"].default,
    choices=PYTHONS,
)


def accelerator(default: str = NO_ACCELERATOR) -> Question:
    """Ask which GPU to deploy on, and how many."""
    return Question(
        key="accelerator",
        ask="Accelerator",
        default=default,
        pattern=rf"{NO_ACCELERATOR}|(?:{'|'.join(ACCELERATORS)})(?::[1-9][0-9]?)?",
        expects=f"none, or one of {', '.join(ACCELERATORS)}, with a count if more than one, as in H100:2",
    )
