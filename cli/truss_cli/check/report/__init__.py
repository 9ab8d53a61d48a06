"""What a check found, and the formats it is written in: one module `as_<format>` each."""

import importlib
import pkgutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from truss_cli.check.diagnostic import Diagnostic
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.errors import TrussError

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


def formats() -> list[str]:
    """Return the names of all output formats."""
    return sorted(
        m.name.removeprefix(_PREFIX) for m in pkgutil.iter_modules(__path__) if m.name.startswith(_PREFIX)
    )


def write_report(report: Report, output_format: str, out: TextIO) -> None:
    """Write a report. Raises TrussError for an unknown format."""
    if output_format not in formats():
        hint = f"Choose one of {', '.join(formats())}."
        raise TrussError(f"there is no output format `{output_format}`", hint=hint)
    module = importlib.import_module(f"{__name__}.{_PREFIX}{output_format}")
    module.write(report, out)
