"""GitLab's Code Quality report: findings in merge requests."""

import json
from typing import TextIO

from truss_cli.check.report import Report
from truss_cli.check.report.repository import fingerprints, name_in_repository
from truss_cli.contract.terms import Severity

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def write(report: Report, out: TextIO) -> None:
    """Write the array; `[]` when there are no findings."""
    entries = []
    for diagnostic, fingerprint in zip(report.diagnostics, fingerprints(report.diagnostics), strict=True):
        finding = diagnostic.finding
        entries.append(
            {
                "description": f"{finding.message}. {finding.help}" if finding.help else finding.message,
                "check_name": f"{diagnostic.code} {diagnostic.name}",
                "fingerprint": fingerprint,
                "severity": _SEVERITIES[diagnostic.severity],
                "location": {
                    "path": name_in_repository(finding.path),
                    "lines": {"begin": finding.span.start.line, "end": finding.span.end.line},
                },
            }
        )
    json.dump(entries, out, indent=2)
    out.write("\n")
