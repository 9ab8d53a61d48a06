"""The rules that have requirements resolved keep what they promise, by packages that the tests make."""

from collections.abc import Mapping

import pytest

from callables import ResolvingCheck, Run, WriteTruss
from truss_cli.check.registry import all_rules
from truss_cli.check.rule import Example, Rule
from truss_cli.check.rules.imports.unprovided_import import UNPROVIDED_IMPORT

_RULES = [rule for rule in all_rules() if rule.resolves and rule is not UNPROVIDED_IMPORT]
MODEL = "class Model:\n    def predict(self, model_input):\n        return model_input\n"
IMPORTING = f"import {{}}\n{MODEL}"


def _examples(kind: str) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.code}-{number}")
        for rule in _RULES
        for number, example in enumerate(getattr(rule, kind))
    ]


@pytest.mark.parametrize(("rule", "example"), _examples("bad"))
def test_bad_example_is_reported_at_the_requirement(
    rule: Rule, example: Example, resolving_check: ResolvingCheck
) -> None:
    found = resolving_check(rule.example_files(example), rule)
    assert found
    for finding in (diagnostic.finding for diagnostic in found):
        assert finding.path.name == "config.yaml"
        assert "\n" not in finding.message
        assert not finding.message.endswith(".")
        line = next(iter(rule.example_files(example).values())).splitlines()[finding.span.start.line - 1]
        assert line[finding.span.start.column - 1 : finding.span.end.column - 1].strip("'") in finding.message


@pytest.mark.parametrize(("rule", "example"), _examples("good"))
def test_good_example_is_accepted(rule: Rule, example: Example, resolving_check: ResolvingCheck) -> None:
    assert not resolving_check(rule.example_files(example), rule)


def test_all_faults_are_told_at_once(
    run: Run, write_truss: WriteTruss, package_index: Mapping[str, str]
) -> None:
    requirements = "- example-librari\n- example-library==99\n- msgpack==1.0.0\n- numpy\n"
    truss = write_truss({"config.yaml": f"requirements:\n{requirements}", "model/model.py": MODEL})
    done = run("check", truss, "--resolve", "--output-format", "concise", env=package_index)
    assert [line.split()[1] for line in done.stdout.splitlines()] == [
        "error[TRS601]",
        "error[TRS602]",
        "error[TRS603]",
    ]
    assert done.returncode == 1
    assert run("check", truss, env=package_index).returncode == 0


def test_requirements_file_is_resolved_and_its_lines_are_named(
    run: Run, write_truss: WriteTruss, package_index: Mapping[str, str]
) -> None:
    files = {
        "config.yaml": "requirements_file: ./requirements.txt\n",
        "requirements.txt": "# ours\nexample-library\nmsgpack==1.0.0  # old\n",
        "model/model.py": MODEL,
    }
    done = run("check", write_truss(files), "--resolve", "--output-format", "concise", env=package_index)
    assert "requirements.txt:3:1: error[TRS603] `msgpack==1.0.0" in done.stdout


@pytest.mark.parametrize(
    "config",
    [
        "base_image: {image: example/image}\nrequirements: [absent]\n",
        "requirements: []\n",
        "requirements: ['example-library @ file:///absent.whl']\n",
    ],
)
def test_what_cannot_be_known_is_not_reported(
    config: str, run: Run, write_truss: WriteTruss, package_index: Mapping[str, str]
) -> None:
    truss = write_truss({"config.yaml": config, "model/model.py": MODEL})
    done = run("check", truss, "--resolve", "--select", "TRS60", env=package_index)
    assert done.returncode == 0, done.stdout


def test_without_a_network_there_is_one_error_and_no_finding(
    run: Run, write_truss: WriteTruss, package_index: Mapping[str, str]
) -> None:
    truss = write_truss({"config.yaml": "requirements: [absent-library]\n", "model/model.py": MODEL})
    unreachable = {**package_index, "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_OFFLINE": "1"}
    done = run("check", truss, "--resolve", env=unreachable)
    assert done.returncode == 2
    assert not done.stdout
    assert done.stderr.count("error: packages") == 1


@pytest.mark.parametrize(
    ("config", "module", "reported"),
    [
        ("requirements: [example-library]\n", "example_library", False),
        ("requirements: [example-library]\n", "not_required", True),
        ("requirements: [example-library]\n", "json", False),
        ("requirements: [example-library]\nbuild_commands: ['true']\n", "not_required", False),
    ],
)
def test_imports_are_looked_up_in_the_environment_that_was_built(  # noqa: PLR0913 - fixtures
    *,
    config: str,
    module: str,
    reported: bool,
    run: Run,
    write_truss: WriteTruss,
    package_index: Mapping[str, str],
) -> None:
    python = "python_version: py311\n"
    truss = write_truss({"config.yaml": python + config, "model/model.py": MODEL})
    assert run("predict", truss, "-d", "1", "--isolated", env=package_index).returncode == 0
    (truss / "model/model.py").write_text(IMPORTING.format(module))
    done = run("check", truss, "--resolve", "--select", "TRS014", env=package_index)
    assert ("TRS014" in done.stdout) is reported
    assert done.returncode == 0
