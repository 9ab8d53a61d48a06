"""The rules that have requirements resolved keep what they promise, by packages that the tests make."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from callables import Completed, ResolvingCheck, Run, WriteTruss
from truss_cli.check.registry import all_rules
from truss_cli.check.rule import Example, Rule
from truss_cli.check.rules.imports.unprovided_import import UNPROVIDED_IMPORT
from truss_cli.environment.isolated import Isolation, isolated_python
from truss_cli.project import open_truss
from wheels import write_wheel

_RULES = [rule for rule in all_rules() if rule.resolves and rule is not UNPROVIDED_IMPORT]
MODEL = "class Model:\n    def predict(self, model_input):\n        return model_input\n"
BUILT = "python_version: py311\nrequirements: [example-library]\n"


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


PROVIDED = """\
import example_library
import json, distutils, imp, tomllib
import pkg_resources, setuptools, pip, wheel
from data.tables import rows
from shared.util import model_supports_predict_proba
from typing import TYPE_CHECKING
try:
    import not_required
except ImportError:
    pass
if TYPE_CHECKING:
    import not_required
"""
ABSENT = "import absent_1\nimport absent_2.part as part\nfrom absent_3 import name\n"


@pytest.mark.parametrize(
    ("source", "reported"),
    [
        (PROVIDED, 0),
        (ABSENT, 3),
        (f"import json\n{ABSENT}", 3),
        (f"import sys\nsys.path.append('/opt')\n{ABSENT}", 0),
        (f"import os\nos.system('pip install absent')\n{ABSENT}", 0),
        (f"from subprocess import run\nrun(['python', '-m', 'pip', 'install', 'absent'])\n{ABSENT}", 0),
    ],
)
def test_imports_are_looked_up_in_the_environment_that_was_built(
    source: str, reported: int, run: Run, write_truss: WriteTruss, package_index: Mapping[str, str]
) -> None:
    done = _check_imports(BUILT, source, run, write_truss, package_index)
    assert done.stdout.count("[TRS014]") == reported
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("requirements", "place"),
    [
        ("requirements: [example-library]\n", "`requirements`"),
        ("requirements_file: wanted.txt\n", "`wanted.txt`"),
    ],
)
def test_package_of_an_import_is_to_be_added_where_the_others_are(
    requirements: str, place: str, run: Run, write_truss: WriteTruss, package_index: Mapping[str, str]
) -> None:
    write_truss({"wanted.txt": "example-library\n"})
    config = f"python_version: py311\n{requirements}"
    done = _check_imports(config, "import absent_1", run, write_truss, package_index)
    assert "no package that config.yaml requires provides `absent_1`" in done.stdout
    assert f"Add the package that has it to {place}." in done.stdout


@pytest.mark.parametrize(
    "more",
    [
        "build_commands: ['true']\n",
        "system_packages: [python3-opencv]\n",
        "environment_variables: {PYTHONPATH: /opt}\n",
    ],
)
def test_imports_are_not_looked_up_where_more_may_be_installed(
    more: str, run: Run, write_truss: WriteTruss, package_index: Mapping[str, str]
) -> None:
    done = _check_imports(BUILT + more, "import not_required", run, write_truss, package_index)
    assert "TRS014" not in done.stdout


def test_editable_package_may_have_any_module(
    run: Run, write_truss: WriteTruss, package_index: Mapping[str, str], tmp_path: Path
) -> None:
    packages = tmp_path / "packages"
    shutil.copytree(package_index["UV_FIND_LINKS"], packages)
    finder = {
        "__editable__.own-1.0.pth": "import __editable___own_finder; __editable___own_finder.install()\n"
    }
    write_wheel(
        packages, "own", "1.0", files={**finder, "__editable___own_finder.py": "def install(): pass\n"}
    )
    env = {**package_index, "UV_FIND_LINKS": str(packages)}
    config = BUILT.replace("example-library", "own")
    assert "TRS014" not in _check_imports(config, "import own", run, write_truss, env).stdout


def _check_imports(
    config: str, source: str, run: Run, write_truss: WriteTruss, env: Mapping[str, str]
) -> Completed:
    """Build the environment of a truss, then check it with a model of some imports."""
    truss = write_truss({"config.yaml": config, "model/model.py": MODEL})
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        isolated_python(open_truss(truss), Isolation())
    (truss / "model/model.py").write_text(f"{source}\n\n\n{MODEL}")
    return run("check", truss, "--resolve", "--select", "TRS014", env=env)


@pytest.mark.parametrize(
    ("requirements", "places"),
    [
        ("example-library==99 \\\n    --hash=sha256:00\nexample-library==1.0\n", ["1:1: error[TRS602]"]),
        ("\ufeffexample-librari\r\nexample-library\r\n", ["1:1: error[TRS601]"]),
        ("example-librari==1\nexample-librari==1\n", ["1:1: error[TRS601]", "2:1: error[TRS601]"]),
        ("# example-librari\n\n  example-librari  # ours\n", ["3:3: error[TRS601]"]),
        ("", []),
    ],
)
def test_each_faulty_line_of_a_file_is_named_where_it_stands(
    requirements: str, places: list[str], run: Run, write_truss: WriteTruss, package_index: Mapping[str, str]
) -> None:
    truss = write_truss({"config.yaml": "requirements_file: requirements.txt\n", "model/model.py": MODEL})
    (truss / "requirements.txt").write_bytes(requirements.encode())
    done = run("check", truss, "--resolve", "--output-format", "concise", env=package_index)
    found = [line.partition("requirements.txt:")[2] for line in done.stdout.splitlines()]
    assert [" ".join(line.split()[:2]) for line in found] == places
    assert "--hash" not in done.stdout


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "-r more.txt\n"),
        ("pyproject.toml", "[project]\nname = 'p'\nversion = '1'\ndependencies = ['example-librari']\n"),
    ],
)
def test_file_whose_lines_cannot_be_told_apart_is_named_as_a_whole(
    name: str, text: str, run: Run, write_truss: WriteTruss, package_index: Mapping[str, str]
) -> None:
    files = {"config.yaml": f"requirements_file: {name}\n", name: text, "more.txt": "example-librari\n"}
    truss = write_truss({**files, "model/model.py": MODEL})
    done = run("check", truss, "--resolve", "--output-format", "concise", env=package_index)
    assert f"config.yaml:1:20: error[TRS602] `{name}` cannot be met: " in done.stdout
    assert "example-librari was not found" in done.stdout


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", None),
        ("pyproject.toml", "project = 3\n"),
        ("pyproject.toml", "[project\n"),
        ("uv.lock", "?"),
    ],
)
def test_unreadable_file_of_requirements_stops_no_other_check(
    name: str, text: str | None, run: Run, write_truss: WriteTruss, package_index: Mapping[str, str]
) -> None:
    files = {"config.yaml": f"requirements_file: {name}\n", "model/model.py": f"import x_y_z\n{MODEL}"}
    truss = write_truss(files if text is None else {**files, name: text})
    truss.rename(truss.with_name("broken"))
    write_truss({"config.yaml": "requirements: [example-librari]\n", "model/model.py": MODEL})
    done = run("check", truss.with_name("broken"), truss, "--resolve", env=package_index)
    assert done.returncode == 1
    assert "TRS601" in done.stdout
    assert "bug" not in done.stderr
