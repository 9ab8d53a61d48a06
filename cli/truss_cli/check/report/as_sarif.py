"""SARIF 2.1.0, for code scanning services."""

import json
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TextIO
from urllib.parse import quote

from truss_cli import __version__
from truss_cli.check.report import Report
from truss_cli.check.report.repository import fingerprints, name_in_repository
from truss_cli.check.rule import Rule
from truss_cli.diagnostic import Diagnostic, Fix
from truss_cli.source import Span

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_FINGERPRINT = "ruleFileMessageOccurrence/v1"
"""The parts that `fingerprints` takes."""


def write(report: Report, out: TextIO) -> None:
    """Write one run with every selected rule and every finding."""
    indices = {rule.code: index for index, rule in enumerate(report.rules)}
    driver = {
        "name": "truss",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in report.rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the repository."}}},
        "results": list(_results(report.diagnostics, indices)),
    }
    json.dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, out, indent=2)
    out.write("\n")


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": rule.explanation},
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _results(diagnostics: Sequence[Diagnostic], indices: dict[str, int]) -> Iterator[dict[str, object]]:
    for diagnostic, fingerprint in zip(diagnostics, fingerprints(diagnostics), strict=True):
        yield {**_result(diagnostic, indices), "partialFingerprints": {_FINGERPRINT: fingerprint}}


def _result(diagnostic: Diagnostic, indices: dict[str, int]) -> dict[str, object]:
    finding = diagnostic.finding
    text = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    result: dict[str, object] = {
        "ruleId": diagnostic.code,
        "level": str(diagnostic.severity),
        "message": {"text": _plain(text)},
        "locations": [_location(finding.path, finding.span)],
    }
    if diagnostic.code in indices:
        result["ruleIndex"] = indices[diagnostic.code]
    if finding.related:
        result["relatedLocations"] = [
            {**_location(other.path, other.span), "id": number, "message": {"text": _plain(other.message)}}
            for number, other in enumerate(finding.related)
        ]
    if finding.fix:
        result["fixes"] = [_fix(finding.fix)]
    return result


def _fix(fix: Fix) -> dict[str, object]:
    """Return a fix, whose edits SARIF groups by file."""
    paths = dict.fromkeys(str(edit.path) for edit in fix.edits)
    return {
        "description": {"text": _plain(f"{fix.description} ({fix.applicability})")},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(path),
                "replacements": [
                    {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
                    for edit in fix.edits
                    if str(edit.path) == path
                ],
            }
            for path in paths
        ],
    }


def _plain(text: str) -> str:
    """Keep what looks like a link of SARIF's, `[text](target)`, from being one."""
    return text.replace("](", "\\](")


def _location(path: object, span: Span) -> dict[str, object]:
    return {"physicalLocation": {"artifactLocation": _artifact(str(path)), "region": _region(span)}}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.start.line,
        "startColumn": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
    }


def _artifact(path: str) -> dict[str, str]:
    name = name_in_repository(path)
    uri = quote(name.encode("utf-8", "surrogateescape"), safe="/")
    if PurePosixPath(name).is_absolute():
        return {"uri": f"file://{uri}"}
    return {"uri": uri, "uriBaseId": _ROOT}
