"""One JSON array of findings, for programs."""

import json
from typing import TextIO

from truss_cli.check.diagnostic import Diagnostic, Fix
from truss_cli.check.report import Report
from truss_cli.display import relative_name
from truss_cli.source import Position


def write(report: Report, out: TextIO) -> None:
    """Write the array; `[]` when there are no findings."""
    json.dump([_entry(diagnostic) for diagnostic in report.diagnostics], out, indent=2)
    out.write("\n")


def _entry(diagnostic: Diagnostic) -> dict[str, object]:
    finding = diagnostic.finding
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": str(diagnostic.severity),
        "message": finding.message,
        "help": finding.help,
        "filename": relative_name(finding.path),
        "location": _position(finding.span.start),
        "end_location": _position(finding.span.end),
        "truss": relative_name(diagnostic.truss),
        "related": [
            {
                "message": related.message,
                "filename": relative_name(related.path),
                "location": _position(related.span.start),
                "end_location": _position(related.span.end),
            }
            for related in finding.related
        ],
        "fix": _fix(finding.fix) if finding.fix else None,
    }


def _fix(fix: Fix) -> dict[str, object]:
    return {
        "applicability": str(fix.applicability),
        "message": fix.description,
        "edits": [
            {
                "filename": relative_name(edit.path),
                "location": _position(edit.span.start),
                "end_location": _position(edit.span.end),
                "content": edit.text,
            }
            for edit in fix.edits
        ],
    }


def _position(position: Position) -> dict[str, int]:
    return {"row": position.line, "column": position.column}
