"""The JSON Schema of the JSON report, from the types that it is written by."""

from typing import Any

from truss_cli.check.report.as_json import Entry

SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def report_schema() -> dict[str, Any]:  # Any: JSON
    """Return the schema of what `truss check --output-format json` writes."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - it takes as long as a check

    schema = TypeAdapter(list[Entry]).json_schema(mode="serialization")
    return {"$schema": SCHEMA, "title": "Findings of truss check", **schema}
