"""What a check found, and the formats it is written in: one module `as_<format>` each."""

import importlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from truss_cli.check.rule import Rule
from truss_cli.choices import OutputFormat
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Applicability, Diagnostic
from truss_cli.source import ON_DISK, Overlay

_PREFIX = "as_"


class Report(NamedTuple):
    """The diagnostics of all trusses in order, the rules that ran, and the time it took in seconds.

    `overlay` has the texts that were checked instead of files; `fixed` has the kinds of fixes tried.
    `strict`: warnings fail too. `quiet`: the text has the findings alone.
    """

    diagnostics: Sequence[Diagnostic]
    trusses: Sequence[Path]
    rules: Sequence[Rule]
    seconds: float
    overlay: Overlay = ON_DISK
    fixed: Collection[Applicability] = ()
    strict: bool = False
    quiet: bool = False

    def fails(self, diagnostic: Diagnostic) -> bool:
        """Whether a finding makes the check fail."""
        return self.strict or diagnostic.severity is Severity.ERROR

    def number(self, severity: Severity) -> int:
        """Return the number of diagnostics of a severity."""
        return sum(diagnostic.severity is severity for diagnostic in self.diagnostics)


def write_report(report: Report, output_format: OutputFormat, out: TextIO) -> None:
    """Write a report."""
    module = importlib.import_module(f"{__name__}.{_PREFIX}{output_format}")
    module.write(report, out)
