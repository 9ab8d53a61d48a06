"""`[tool.truss-check]` in pyproject.toml."""

import json
from pathlib import Path

import pytest

from callables import Run, WriteTruss

LATE = """import time


class Model:
    async def predict(self, x):
        time.sleep(1)
        return {1}
"""


@pytest.fixture
def project(tmp_path: Path, write_truss: WriteTruss) -> Path:
    """Write a truss with the error TRS206 and the warning TRS301; return the folder above it."""
    write_truss({"model/model.py": LATE})
    return tmp_path


def _codes(run: Run, project: Path, settings: str, *arguments: str) -> list[str]:
    (project / "pyproject.toml").write_text(f"[tool.truss-check]\n{settings}")
    done = run("check", "--output-format", "json", *arguments)
    assert done.stderr == ""
    return [entry["code"] for entry in json.loads(done.stdout)]


@pytest.mark.parametrize(
    ("settings", "arguments", "codes"),
    [
        ("", [], ["TRS301", "TRS206"]),
        ("ignore = ['TRS3']", [], ["TRS206"]),
        ("select = ['blocking-call']", [], ["TRS301"]),
        ("exclude = ['truss']", ["truss/model/model.py"], []),
        ("per-path-ignores = {'truss/model/*' = ['TRS2']}", [], ["TRS301"]),
        ("per-path-ignores = {'truss' = ['blocking-call']}", ["truss"], ["TRS206"]),
        ("per-path-ignores = {'other' = ['TRS2']}", [], ["TRS301", "TRS206"]),
        ("ignore = ['TRS3']", ["--ignore", "TRS2"], ["TRS301"]),
        ("select = ['TRS3']", ["--select", "TRS2"], ["TRS206"]),
    ],
)
def test_settings_hold_unless_the_command_line_says_otherwise(
    settings: str, arguments: list[str], codes: list[str], project: Path, run: Run
) -> None:
    assert _codes(run, project, settings, *arguments) == codes


def test_strict_lets_warnings_fail(project: Path, run: Run) -> None:
    (project / "pyproject.toml").write_text("[tool.truss-check]\nignore = ['TRS2']\n")
    assert run("check").returncode == 0
    (project / "pyproject.toml").write_text("[tool.truss-check]\nignore = ['TRS2']\nstrict = true\n")
    assert run("check").returncode == 1


def test_the_nearest_settings_above_all_paths_hold(project: Path, run: Run) -> None:
    (project / "truss/pyproject.toml").write_text("[tool.truss-check]\nignore = ['TRS206']\n")
    assert _codes(run, project, "ignore = ['TRS301']", "truss") == ["TRS301"]
    assert _codes(run, project, "ignore = ['TRS301']", ".") == ["TRS206"]
    (project / "truss/pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert _codes(run, project, "ignore = ['TRS301']", "truss") == ["TRS206"]


@pytest.mark.parametrize(
    ("settings", "message", "hint"),
    [
        ("selcet = []", "`tool.truss-check` has no setting `selcet`", "Did you mean `select`?"),
        ("'[bold]' = 1", "`tool.truss-check` has no setting `[bold]`", "Known settings are select, "),
        ("ignore = 'TRS3'", "`ignore` must be a list of strings", 'Write `ignore = ["..."]`.'),
        ("strict = 1", "`strict` must be true or false", "Write `strict = true`."),
        ("per-path-ignores = []", "`per-path-ignores` must be a table", 'Write `"tests/*" = ["TRS3"]` under'),
        ("ignore = [TRS3]", "is not TOML: Invalid value (at line 2", "Correct the file, or move"),
        ("ignore = ['TRS999']", "no rule has the code, prefix or name `TRS999`", "`truss rule`"),
        ("per-path-ignores = {a = ['X']}", "no rule has the code, prefix or name `X`", "`truss rule`"),
    ],
)
def test_a_wrong_setting_is_named(settings: str, message: str, hint: str, project: Path, run: Run) -> None:
    (project / "pyproject.toml").write_text(f"[tool.truss-check]\n{settings}\n")
    done = run("check")
    assert (done.returncode, done.stdout) == (2, "")
    error, help_line = done.stderr.splitlines()
    assert message in error
    assert help_line.startswith(f"help: {hint}")
