"""Workflow commands that GitHub Actions turns into annotations on the changed lines."""

from typing import TextIO

from truss_cli.check.report import Report
from truss_cli.check.report.repository import name_in_repository
from truss_cli.display import visible


def write(report: Report, out: TextIO) -> None:
    """Write one command a finding."""
    for diagnostic in report.diagnostics:
        finding = diagnostic.finding
        properties = {
            "title": f"{diagnostic.code} {diagnostic.name}",
            "file": name_in_repository(finding.path),
            "line": str(finding.span.start.line),
            "endLine": str(finding.span.end.line),
        }
        if finding.span.start.line == finding.span.end.line:
            # GitHub takes columns only within one line.
            properties["col"] = str(finding.span.start.column)
            properties["endColumn"] = str(finding.span.end.column)
        written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        text = f"{finding.message}\n{finding.help}" if finding.help else finding.message
        out.write(f"::{diagnostic.severity} {written}::{_data(text)}\n")


def _data(text: str) -> str:
    return visible(text, lines=True).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
