"""What `truss check` has to say about one place."""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from truss_cli.contract.terms import Severity
from truss_cli.source import Span


class Applicability(StrEnum):
    """Whether a fix may be applied unasked."""

    SAFE = "safe"
    """The model does what it was meant to do, and nothing else changes."""
    UNSAFE = "unsafe"
    """Results, or the order of things, may change."""


class Edit(NamedTuple):
    r"""The text of a span replaced by another; its line ends are `\n`, whatever those of the file are."""

    path: Path
    span: Span
    text: str


class Fix(NamedTuple):
    """Edits that mend a finding, all or none of them; `description` says in the imperative what they do."""

    description: str
    edits: tuple[Edit, ...]
    applicability: Applicability = Applicability.SAFE


class Finding(NamedTuple):
    """A rule's breach at a place; the rule adds its code, name and severity."""

    path: Path
    span: Span
    message: str
    help: str | None = None
    related: tuple["Related", ...] = ()
    fix: Fix | None = None


class Related(NamedTuple):
    """Another place that explains a finding."""

    path: Path
    span: Span
    message: str


class Diagnostic(NamedTuple):
    """A finding with the rule it comes from and the truss it was found in."""

    code: str
    name: str
    severity: Severity
    finding: Finding
    truss: Path
