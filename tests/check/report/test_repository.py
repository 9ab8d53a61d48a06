"""Paths that services find in the repository, wherever in it the check runs."""

import json
from pathlib import Path

import pytest

from callables import Run, WriteTruss

BROKEN = "class Model:\n    def predict(self, a, b):\n        return a\n"


@pytest.fixture
def truss(write_truss: WriteTruss) -> Path:
    return write_truss({"model/model.py": BROKEN})


def _names(run: Run, truss: Path, workspace: Path | str = "") -> set[str]:
    env = {"GITHUB_WORKSPACE": str(workspace)}
    command = run("check", "--output-format", "github", cwd=truss, env=env).stdout
    sarif = json.loads(run("check", "--output-format", "sarif", cwd=truss, env=env).stdout)
    (location,) = sarif["runs"][0]["results"][0]["locations"]
    return {
        command.partition("file=")[2].partition(",")[0],
        location["physicalLocation"]["artifactLocation"]["uri"],
    }


def test_they_start_at_the_top_of_the_repository(run: Run, truss: Path) -> None:
    (truss.parent / ".git").mkdir()
    assert _names(run, truss) == {f"{truss.name}/model/model.py"}


def test_without_a_repository_they_start_at_the_checkout_of_the_workflow(run: Run, truss: Path) -> None:
    assert _names(run, truss, truss.parent) == {f"{truss.name}/model/model.py"}
    assert _names(run, truss, truss / "elsewhere") == {"model/model.py"}


def test_without_either_they_start_where_the_check_runs(run: Run, truss: Path) -> None:
    assert _names(run, truss) == {"model/model.py"}
