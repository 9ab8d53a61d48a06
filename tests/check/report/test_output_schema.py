"""docs/output.schema.json describes what `--output-format json` writes; `pytest --renew` writes it anew."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from callables import Report
from truss_cli.check.registry import all_rules
from truss_cli.check.report.as_json import report_schema

FILE = Path(__file__).parents[3] / "docs/output.schema.json"
BAD = [(rule, example) for rule in all_rules() for example in rule.bad[:1]]


def test_the_file_is_the_schema(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--renew"):
        FILE.write_text(json.dumps(report_schema(), indent=2) + "\n", encoding="utf-8")
    assert json.loads(FILE.read_text("utf-8")) == report_schema()


def test_the_findings_of_all_rules_are_as_it_says(report: Report) -> None:
    trusses = {f"{rule.code}": rule.example_files(example) for rule, example in BAD}
    found = json.loads(report(trusses, "json"))
    assert len({finding["code"] for finding in found}) > 60
    validator = Draft202012Validator(json.loads(FILE.read_text("utf-8")))
    Draft202012Validator.check_schema(validator.schema)
    assert [error.message for error in validator.iter_errors(found)] == []
    assert list(validator.iter_errors([{**found[0], "severity": "note"}]))
    assert list(validator.iter_errors([{**found[0], "location": {"row": 1}}]))
