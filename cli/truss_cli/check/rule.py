"""What a rule is: its texts, its examples and the function that finds its breaches."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Protocol

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.contract.defaults import MODEL_FILE, MODEL_FOLDER
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding

Find = Callable[[TrussFacts], Iterable[Finding]]
Example = str | Mapping[str, str]
"""A small truss, as the text of one file, or as file names and texts; a test and part of the documentation.

A config.yaml and a model/model.py that are not given are supplied by the tests in
their smallest working form.
"""


class Rule(NamedTuple):
    """One thing that `truss check` looks for; a module under `rules` defines one by binding it to a name.

    `explanation` says what it is, why it fails when deployed, and how to fix
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
    resolves: bool = False
    """It has the requirements resolved, and runs only with `--resolve`."""
    example_file: str = f"{MODEL_FOLDER}/{MODEL_FILE}"
    """The file whose text a plain example is."""

    def example_files(self, example: Example) -> Mapping[str, str]:
        """Return the files of an example of this rule, by name."""
        return {self.example_file: example} if isinstance(example, str) else example


class Named(Protocol):
    """What bears a rule's code and name: the rule, or a diagnostic of it."""

    @property
    def code(self) -> str: ...  # noqa: D102 - see Rule

    @property
    def name(self) -> str: ...  # noqa: D102 - see Rule


def matches(rule: Named, pattern: str) -> bool:
    """Whether a pattern is a rule's code, a prefix of it, or its name."""
    return rule.code.startswith(pattern.upper()) or rule.name == pattern.lower()
