"""What GitLab and the test views of CI services read, and what a GitHub workflow gets by itself."""

import json
import re
from pathlib import Path

import jsonschema
from junitparser import Failure, JUnitXml

from callables import Report, Run, WriteTruss

BROKEN = "class Model:\n    def predict(self, a, b) -> str:\n        return {}\n"
WARNED = "class Model:\n    def predict(self, a) -> str:\n        return {}\n"
HOSTILE = '"a]]>\\u0000&<\\ufffe\\ud800\\e[31m\\n::error::b": 1\n'

CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32,}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\.?/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""What GitLab's documentation of Code Quality asks of a report."""


def test_gitlab_gets_a_code_quality_report(report: Report) -> None:
    entries = json.loads(report({"a": {"model/model.py": BROKEN}, "b": {"config.yaml": HOSTILE}}, "gitlab"))
    jsonschema.validate(entries, CODE_QUALITY)
    assert {entry["severity"] for entry in entries} == {"major", "minor"}
    assert len({entry["fingerprint"] for entry in entries}) == len(entries) > 2
    first = next(entry for entry in entries if entry["check_name"] == "TRS106 request-position")
    assert first["location"] == {"path": "a/model/model.py", "lines": {"begin": 2, "end": 2}}


def test_junit_has_a_suite_a_file_and_fails_for_errors(report: Report) -> None:
    text = report({"a": {"model/model.py": BROKEN}, "b": {"model/model.py": WARNED}, "c": {}}, "junit")
    read = JUnitXml.fromstring(text.encode())
    assert (read.tests, read.failures, read.errors) == (4, 1, 0)
    suites = {suite.name: suite for suite in read}
    assert list(suites) == ["a/model/model.py", "b/model/model.py", "c"]
    assert [suite.failures for suite in suites.values()] == [1, 0, 0]
    cases = {case.name: case for suite in read for case in suite if not suite.name.startswith("b")}
    (failure,) = cases["TRS106 request-position"].result
    assert isinstance(failure, Failure)
    assert failure.message.startswith("`b`, second argument")
    assert failure.text.startswith("a/model/model.py:2:26: `b`, second argument")
    assert cases["truss.check"].classname == "c"


def test_junit_stays_xml_whatever_is_found(report: Report) -> None:
    read = JUnitXml.fromstring(report({"<&\x01\x1b": {"config.yaml": HOSTILE}}, "junit").encode())
    assert read.tests >= 1


def test_warnings_are_failures_where_they_fail_the_check(run: Run, write_truss: WriteTruss) -> None:
    done = run("check", write_truss({"model/model.py": WARNED}), "--strict", "--output-format", "junit")
    assert done.returncode == 1
    assert JUnitXml.fromstring(done.stdout.encode()).failures == 1


def test_a_github_workflow_gets_annotations_and_text(run: Run, write_truss: WriteTruss) -> None:
    truss = write_truss({"model/model.py": BROKEN})
    done = run("check", truss.name, cwd=truss.parent, env={"GITHUB_ACTIONS": "true"})
    commands, stop, text, end = _sections(done.stdout)
    assert done.returncode == 1
    assert [command.partition(" ")[0] for command in commands] == ["::error", "::warning"]
    assert stop == end
    assert "truss/model/model.py:2:26: error[TRS106] request-position: " in text
    assert "Found 1 error and 1 warning" in text


def test_no_name_of_a_file_is_a_command_to_the_runner(run: Run, tmp_path: Path) -> None:
    (tmp_path / "::error::x/model").mkdir(parents=True)
    (tmp_path / "::error::x/config.yaml").write_text("##[error]z: 1\n")
    (tmp_path / "::error::x/model/model.py").write_text(BROKEN)
    done = run("check", ".", env={"GITHUB_ACTIONS": "true"})
    commands, _, _, _ = _sections(done.stdout)
    assert not [
        line for line in commands if not line.startswith(("::error title=TRS", "::warning title=TRS"))
    ]


def test_what_is_asked_for_counts_in_a_github_workflow_too(run: Run, write_truss: WriteTruss) -> None:
    truss = write_truss({"model/model.py": BROKEN})
    for options in (["--output-format", "text"], ["--statistics"]):
        assert "::" not in run("check", truss, *options, env={"GITHUB_ACTIONS": "true"}).stdout


def _sections(text: str) -> tuple[list[str], str, str, str]:
    """Return the commands, the token that stops them, the text, and the token that ends that."""
    match = re.fullmatch(r"((?:::.*\n)*?)::stop-commands::(\w+)\n(.*\n)::(\w+)::\n", text, re.DOTALL)
    assert match, text
    return match[1].splitlines(), match[2], match[3], match[4]
