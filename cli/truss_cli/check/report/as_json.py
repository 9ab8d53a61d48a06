"""One JSON array of findings, for programs."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal, TextIO

from truss_cli.check.report import Report
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Diagnostic, Fix
from truss_cli.display import relative_name

_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Location:
    """A place in a file: 1-based row, and 1-based column in characters (code points)."""

    row: int
    column: int


@dataclass(frozen=True)
class RelatedEntry:
    """Another place that explains a finding; its end is exclusive."""

    message: str
    filename: str
    location: Location
    end_location: Location


@dataclass(frozen=True)
class EditEntry:
    """A text that takes the place of what stands there; its end is exclusive."""

    filename: str
    location: Location
    end_location: Location
    content: str


@dataclass(frozen=True)
class FixEntry:
    """Edits that mend a finding, all of them together."""

    applicability: str
    message: str
    edits: list[EditEntry]


@dataclass(frozen=True)
class Entry:
    """A finding; its end is exclusive. File names are relative to the working folder if they lie under it."""

    code: str
    name: str
    severity: Literal["error", "warning"]
    message: str
    help: str | None
    filename: str
    location: Location
    end_location: Location
    truss: str
    related: list[RelatedEntry]
    fix: FixEntry | None


def write(report: Report, out: TextIO) -> None:
    """Write the array; `[]` when there are no findings."""
    json.dump([asdict(_entry(diagnostic)) for diagnostic in report.diagnostics], out, indent=2)
    out.write("\n")


def _entry(diagnostic: Diagnostic) -> Entry:
    finding = diagnostic.finding
    return Entry(
        code=diagnostic.code,
        name=diagnostic.name,
        severity="error" if diagnostic.severity is Severity.ERROR else "warning",
        message=finding.message,
        help=finding.help,
        filename=relative_name(finding.path),
        location=Location(*finding.span.start),
        end_location=Location(*finding.span.end),
        truss=relative_name(diagnostic.truss),
        related=[
            RelatedEntry(
                message=related.message,
                filename=relative_name(related.path),
                location=Location(*related.span.start),
                end_location=Location(*related.span.end),
            )
            for related in finding.related
        ],
        fix=_fix(finding.fix) if finding.fix else None,
    )


def _fix(fix: Fix) -> FixEntry:
    return FixEntry(
        applicability=str(fix.applicability),
        message=fix.description,
        edits=[
            EditEntry(
                filename=relative_name(edit.path),
                location=Location(*edit.span.start),
                end_location=Location(*edit.span.end),
                content=edit.text,
            )
            for edit in fix.edits
        ],
    )


def report_schema() -> dict[str, Any]:  # Any: JSON
    """Return the schema of what `truss check --output-format json` writes, from the types that write it."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - it takes as long as a check

    schema = TypeAdapter(list[Entry]).json_schema(mode="serialization")
    return {"$schema": _SCHEMA, "title": "Findings of truss check", **schema}
