"""`--output-format sarif`, read by the model of its standard."""

import re
from urllib.parse import unquote

# The package has annotations, but does not say so with a py.typed.
from pydantic_sarif.model import (  # type: ignore[import-untyped]
    StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif,
)

from callables import Report
from truss_cli import __version__
from truss_cli.check.registry import all_rules

BROKEN = "class Model:\n    def predict(self, a, b):\n        return a\n"


def test_every_rule_that_ran_is_described_and_every_result_points_at_one(report: Report) -> None:
    config = "owner: Ada\nresources: {cpu: 4, cpu: 5}\n"
    sarif = Sarif.model_validate_json(
        report({"a": {"model/model.py": BROKEN, "config.yaml": config}}, "sarif")
    )
    (run,) = sarif.runs
    rules = run.tool.driver.rules or []
    assert [rule.id for rule in rules] == [
        rule.code for rule in all_rules() if not rule.opt_in and not rule.resolves
    ]
    assert all(rule.help and rule.help.text and rule.shortDescription for rule in rules)
    results = run.results or []
    assert len(results) > 2
    for result in results:
        assert rules[result.ruleIndex or 0].id == result.ruleId
    assert run.columnKind is not None
    assert run.columnKind.value == "unicodeCodePoints"


def test_addresses_are_relative_and_percent_encoded(report: Report) -> None:
    folder = "grüße 100% #1?/a:b"
    sarif = Sarif.model_validate_json(report({folder: {"model/model.py": BROKEN}}, "sarif"))
    (run,) = sarif.runs
    (result,) = run.results or []
    (location,) = result.locations or []
    assert location.physicalLocation is not None
    artifact = location.physicalLocation.artifactLocation
    assert artifact is not None
    assert artifact.uri == "gr%C3%BC%C3%9Fe%20100%25%20%231%3F/a%3Ab/model/model.py"
    assert unquote(artifact.uri) == f"{folder}/model/model.py"
    assert artifact.uriBaseId in (run.originalUriBaseIds or {})


def test_text_of_the_user_is_no_link(report: Report) -> None:
    config = '"[here](https://example.com)": 1\n'
    (run,) = Sarif.model_validate_json(report({"a": {"config.yaml": config}}, "sarif")).runs
    (result,) = run.results or []
    assert result.message.text is not None
    assert "](" in result.message.text
    assert re.search(r"(?<!\\)\]\(", result.message.text) is None


def test_nothing_found_is_a_run_without_results(report: Report) -> None:
    (run,) = Sarif.model_validate_json(report({"a": {}}, "sarif")).runs
    assert run.results == []


def test_related_places_have_ids_and_texts(report: Report) -> None:
    config = 'resources:\n  cpu: "1"\n  cpu: "2"\n'
    (run,) = Sarif.model_validate_json(report({"a": {"config.yaml": config}}, "sarif")).runs
    (result,) = run.results or []
    (related,) = result.relatedLocations or []
    assert related.id == 0
    assert related.message is not None


def test_a_fingerprint_stays_where_lines_move_and_tells_findings_apart(report: Report) -> None:
    def fingerprints(model: str) -> list[object]:
        (run,) = Sarif.model_validate_json(report({"a": {"model/model.py": model}}, "sarif")).runs
        return [result.partialFingerprints for result in run.results or []]

    twice = BROKEN + "    def preprocess(self, a):\n        return a\n    completions = predict\n"
    before = fingerprints(twice)
    assert len({str(fingerprint) for fingerprint in before}) == len(before) > 1
    assert fingerprints("import os\n\n\n" + twice) == before


def test_the_version_of_the_tool_is_named(report: Report) -> None:
    (run,) = Sarif.model_validate_json(report({"a": {}}, "sarif")).runs
    assert run.tool.driver.version == run.tool.driver.semanticVersion == __version__
