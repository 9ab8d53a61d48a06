"""A folder that holds trusses."""

import os
from pathlib import Path

import pytest

from callables import Files, Report, Run, WriteTruss
from truss_cli.check.engine import unreadable_folder
from truss_cli.check.registry import all_rules

WRONG: Files = {"model/model.py": "class Model:\n    def predict(self, a, b):\n        return a\n"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _make(*folders: str) -> None:
    for folder in folders:
        Path(folder).mkdir(parents=True)
        (Path(folder) / "config.yaml").write_text("model_name: m\n")


def test_each_finding_stands_under_its_truss_in_order_of_names(report: Report) -> None:
    names = [f"team-{number % 5}/model {number:02}" for number in range(50)]
    text = report(dict.fromkeys(names, WRONG), "text")
    places = [line.partition("/model/model.py:2:26")[0] for line in text.splitlines() if "[TRS106]" in line]
    assert places == sorted(names)
    headings = [line for line in text.splitlines() if line in names]
    assert headings == sorted(names)
    assert "Found 50 errors and 0 warnings in 50 trusses" in text


def test_two_runs_say_the_same(report: Report) -> None:
    trusses = {f"t{number}": {**WRONG, "config.yaml": "a: 1\nb: 2\nc: {a: 1}\n"} for number in range(5)}
    assert report(trusses, "json") == report({}, "json")


def test_a_folder_that_cannot_be_listed_is_reported() -> None:
    error = PermissionError(13, "Permission denied", "closed")
    (diagnostic,) = unreadable_folder(error, all_rules())
    assert (diagnostic.code, diagnostic.finding.path) == ("TRS008", Path("closed"))
    assert unreadable_folder(error, []) == []


def test_files_that_cannot_be_read_are_reported_and_the_rest_is_checked(report: Report, here: Path) -> None:
    _make("circle", "no-model", "nowhere", "unreadable/model", "pipe")
    (here / "unreadable/config.yaml").touch()
    # A file that is there, and fails to be read even by root.
    (here / "unreadable/model/model.py").symlink_to("/proc/self/mem")
    (here / "no-model/model").mkdir()
    (here / "no-model/model/model.py").symlink_to("model.py")
    (here / "unreadable/model/config.yaml").unlink()
    for name, target in (("circle", "config.yaml"), ("nowhere", "absent.yaml")):
        (here / name / "config.yaml").unlink()
        (here / name / "config.yaml").symlink_to(target)
    (here / "pipe/config.yaml").unlink()
    os.mkfifo(here / "pipe/config.yaml")
    lines = report({"wrong": WRONG}, "concise").splitlines()
    assert [line.partition("] ")[0] for line in lines] == [
        "circle/config.yaml:1:1: error[TRS008",
        "no-model/model/model.py:1:1: error[TRS002",
        "nowhere/config.yaml:1:1: error[TRS001",
        "pipe/config.yaml:1:1: error[TRS008",
        "unreadable/model/model.py:1:1: error[TRS008",
        "wrong/model/model.py:2:26: error[TRS106",
    ]


@pytest.mark.parametrize("section", ["docker_server:", "trt_llm: null"])
def test_check_and_predict_agree_on_what_needs_no_model_file(
    section: str, run: Run, write_truss: WriteTruss
) -> None:
    truss = write_truss({"config.yaml": f"model_name: m\n{section}\n"})
    assert "TRS002" not in run("check", truss).stdout
    done = run("predict", truss, "-d", "1")
    assert done.returncode == 1
    assert "this truss has no model class" in done.stderr
