"""Findings as the protocol's diagnostics, and rules as texts to hover."""

from pathlib import Path

from truss_cli.check.registry import all_rules
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Diagnostic
from truss_cli.lsp.connection import JsonObject
from truss_cli.lsp.positions import PositionCodec
from truss_cli.lsp.workspace import Workspace
from truss_cli.source import Span

_SEVERITIES = {Severity.ERROR: 1, Severity.WARNING: 2}
_TAGS = {"TRS009": 1, "TRS518": 2}
"""Unnecessary, and deprecated: editors show such text faded, or struck through."""


def range_of(path: Path, span: Span, workspace: Workspace, codec: PositionCodec) -> JsonObject:
    """Return a span of a file as a range."""
    return codec.to_client(workspace.source(path), span)


def to_client(diagnostic: Diagnostic, workspace: Workspace, codec: PositionCodec) -> JsonObject:
    """Return a finding as a diagnostic."""
    finding = diagnostic.finding
    message = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    entry: JsonObject = {
        "range": range_of(finding.path, finding.span, workspace, codec),
        "severity": _SEVERITIES[diagnostic.severity],
        "code": diagnostic.code,
        "source": "truss",
        "message": message,
    }
    if diagnostic.code in _TAGS:
        entry["tags"] = [_TAGS[diagnostic.code]]
    if finding.related:
        entry["relatedInformation"] = [
            {
                "location": {
                    "uri": workspace.buffers.uri(other.path),
                    "range": range_of(other.path, other.span, workspace, codec),
                },
                "message": other.message,
            }
            for other in finding.related
        ]
    return entry


def explanation(code: str) -> str:
    """Return the text of a rule as Markdown."""
    rule = next(rule for rule in all_rules() if rule.code == code)
    return f"**{rule.code}** `{rule.name}` ({rule.severity})\n\n{rule.summary}.\n\n{rule.explanation}"
