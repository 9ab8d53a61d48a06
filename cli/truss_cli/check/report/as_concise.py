"""One line a finding, for editors and grep: `path:line:column: CODE message`."""

from typing import TextIO

from truss_cli.check.report import Report
from truss_cli.display import relative_name, visible


def write(report: Report, out: TextIO) -> None:
    """Write the findings, and nothing when there are none."""
    for diagnostic in report.diagnostics:
        finding = diagnostic.finding
        start = finding.span.start
        name = visible(relative_name(finding.path))
        message = visible(finding.message)
        out.write(f"{name}:{start.line}:{start.column}: {diagnostic.severity}[{diagnostic.code}] {message}\n")
