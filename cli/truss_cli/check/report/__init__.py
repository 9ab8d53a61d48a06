"""What a check found, and the formats it is written in: one module `as_<format>` each."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from truss_cli.check.diagnostic import Diagnostic
from truss_cli.check.rule import Rule
from truss_cli.choices import OutputFormat
from truss_cli.contract.terms import Severity

_PREFIX = "as_"


class Report(NamedTuple):
    """The diagnostics of all trusses in order, the rules that ran, and the time it took in seconds."""

    diagnostics: Sequence[Diagnostic]
    trusses: Sequence[Path]
    rules: Sequence[Rule]
    seconds: float

    def number(self, severity: Severity) -> int:
        """Return the number of diagnostics of a severity."""
        return sum(diagnostic.severity is severity for diagnostic in self.diagnostics)


def write_report(report: Report, output_format: OutputFormat, out: TextIO) -> None:
    """Write a report."""
    module = importlib.import_module(f"{__name__}.{_PREFIX}{output_format}")
    module.write(report, out)
