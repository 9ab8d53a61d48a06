"""Agreement of `check` with what the deployed server did with more than a thousand models."""

from pathlib import Path

from callables import RequireFindings
from measured import Case, parametrize, write_case
from truss_cli.check.engine import check_truss
from truss_cli.check.selection import Selection

_AGREES = {
    "any": {"error", "finding", "clean"},
    "finding": {"error", "finding"},
    "clean": {"clean", "finding"},
    "error": {"error"},
}


@parametrize("measured.jsonl", "models.jsonl", "varied.jsonl", "answers.jsonl")
def test_check_agrees_with_the_deployed_server(
    case: Case, tmp_path: Path, require_findings: RequireFindings
) -> None:
    found = check_truss(write_case(case, tmp_path), Selection().rules())
    severities = {str(diagnostic.severity) for diagnostic in found}
    verdict = "error" if "error" in severities else "finding" if severities else "clean"
    assert verdict in _AGREES[case["expect"]["check"]], [(d.code, d.finding.message) for d in found]
    require_findings("measured", case["id"], found)
