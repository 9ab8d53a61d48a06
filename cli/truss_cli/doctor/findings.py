"""One line of the page: what is wanted, what is here, and whether that will do."""

from enum import Enum
from typing import NamedTuple


class Verdict(Enum):
    """How what is here compares with what is wanted."""

    FITS = "ok"
    DIFFERS = "differs"
    """The model may behave in another way than when deployed."""
    FAILS = "missing"
    """`truss predict` would surely fail."""
    NEUTRAL = ""
    """A fact, for or against nothing."""


class Comparison(NamedTuple):
    """A thing that the truss wants, beside what is here; empty for nothing."""

    name: str
    wanted: str
    here: str
    verdict: Verdict


class PageSection(NamedTuple):
    """Comparisons of one kind."""

    title: str
    lines: tuple[Comparison, ...]
