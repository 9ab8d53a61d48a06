"""What `truss check` has to say about one place."""

from pathlib import Path
from typing import NamedTuple

from truss_cli.contract.terms import Severity
from truss_cli.source import Span


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
