"""What `truss check` has to say about one place."""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from truss_cli.source import Span


class Severity(StrEnum):
    """How bad a finding is for the deployed model."""

    ERROR = "error"
    """It would fail to build, load or answer."""
    WARNING = "warning"
    """It would work, but wrongly or at a risk."""


class Finding(NamedTuple):
    """A rule's breach at a place; the rule adds its code, name and severity."""

    path: Path
    span: Span
    message: str
    help: str | None = None
    related: tuple["Related", ...] = ()


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
