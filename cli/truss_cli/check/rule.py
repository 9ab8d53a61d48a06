"""What a rule is: its texts, its examples and the function that finds its breaches."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from truss_cli.check.diagnostic import Finding, Severity
from truss_cli.check.facts.truss import TrussFacts

Find = Callable[[TrussFacts], Iterable[Finding]]


class Example(NamedTuple):
    """A small truss, as file names and texts; it is a test and part of the documentation.

    A config.yaml and a model/model.py that are not given are supplied by the
    tests in their smallest working form.
    """

    files: dict[str, str]


def model(text: str) -> Example:
    """Give an example that is a model/model.py alone."""
    return Example({"model/model.py": text})


def config(text: str) -> Example:
    """Give an example that is a config.yaml alone."""
    return Example({"config.yaml": text})


class Rule(NamedTuple):
    """One thing that `truss check` looks for; a module in `rules` defines one by binding it to a name.

    `explanation` says what it is, why it fails when deployed, and how to mend
    it. `opt_in` rules run when selected by code or under `--strict`.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    explanation: str
    find: Find
    good: tuple[Example, ...]
    bad: tuple[Example, ...]
    opt_in: bool = False
