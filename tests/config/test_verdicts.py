"""What the toolchain accepts raises no error, and what it refuses does; asked once of release 0.18.35.

A case says at which step the toolchain stopped: when parsing, when opening the truss,
when pushing it (where unknown keys are refused), or nowhere.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from truss_cli.check.registry import all_rules
from truss_cli.config.finding import ConfigFinding, Problem
from truss_cli.config.text.document import read_document
from truss_cli.config.validation.inspect import inspect
from truss_cli.contract.terms import Severity

CASES = Path(__file__).parent / "cases"
ERRORS = {rule.name for rule in all_rules() if rule.severity is Severity.ERROR}

# Pushed, and then fails where the image is built: the file or folder is not there.
FAILS_LATER = "missing-file"
# Accepted by an accident that nobody relies on.
STRICTER = {
    "model_cache: !!set {}",
    "runtime: {transport: null, is_websocket_endpoint: true}",
}


def findings(text: str, folder: Path) -> list[ConfigFinding]:
    path = folder / "config.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    document = read_document(path)
    return [*document.findings, *inspect(document, folder)]


@pytest.fixture
def truss(tmp_path: Path) -> Path:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.py").write_text("")
    return tmp_path


def cases() -> Iterator[tuple[str | None, str]]:
    for line in (CASES / "verdicts.jsonl").read_text("utf-8").splitlines():
        stops, text = json.loads(line)
        yield stops, text
    for line in (CASES / "named.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        yield case["stops"], case["yaml"]


def test_verdicts_agree(truss: Path) -> None:
    disagreements = []
    for stops, text in cases():
        errors = {found.problem.value for found in findings(text, truss)} & ERRORS
        if bool(errors) != bool(stops) and errors != {FAILS_LATER} and text not in STRICTER:
            disagreements.append(f"{text!r} stops at {stops}, errors {errors}")
    assert not disagreements, "\n".join(disagreements)


def test_every_problem_has_a_rule_of_its_name() -> None:
    names = {rule.name for rule in all_rules() if rule.code.startswith("TRS5")}
    assert names - {"trt-llm-model"} == {*Problem}
