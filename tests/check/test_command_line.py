"""`truss check` as its users run it: options, exit codes, and what it says when asked for the impossible."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from callables import Run, WriteTruss
from truss_cli.check import report
from truss_cli.choices import OutputFormat
from waiting import SECONDS

TRUSS = Path(sys.executable).with_name("truss")
FINE = "class Model:\n    def predict(self, model_input) -> dict:\n        return model_input\n"
WARNED = "class Model:\n    def predict(self, model_input) -> str:\n        return {}\n"
WRONG = "class Model:\n    def predict(self, a, b) -> str:\n        return {}\n"


@pytest.mark.parametrize(
    ("model", "options", "code"),
    [
        (FINE, [], 0),
        (FINE, ["--strict"], 0),
        (WARNED, [], 0),
        (WARNED, ["--strict"], 1),
        (WRONG, [], 1),
        (WRONG, ["--exit-zero"], 0),
        (WRONG, ["--strict", "--exit-zero"], 0),
        (WRONG, ["--ignore", "TRS106"], 0),
        (WRONG, ["--select", "TRS205"], 0),
    ],
)
def test_exit_code(model: str, options: list[str], code: int, run: Run, write_truss: WriteTruss) -> None:
    done = run("check", write_truss({"model/model.py": model}), *options)
    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout


def test_truss_alone_prints_help(run: Run) -> None:
    done = run()
    assert done.returncode == 2
    assert "Commands" in done.stdout
    assert done.stderr == ""
    assert "bug" not in done.stderr


def test_an_unknown_format_names_those_there_are(run: Run) -> None:
    done = run("check", "--output-format", "xml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'xml' is not one of 'text', 'concise', 'json', 'github', 'gitlab', 'junit', 'sarif'" in " ".join(
        done.stderr.split()
    )


def test_each_format_is_a_choice() -> None:
    modules = {path.stem.removeprefix("as_") for path in Path(report.__file__).parent.glob("as_*.py")}
    assert set(OutputFormat) == modules


@pytest.mark.parametrize("command", ["push", "watch", "login"])
def test_a_command_of_the_other_truss_says_where_it_is(command: str, run: Run) -> None:
    done = run(command, "--remote", "x")
    assert done.returncode == 2
    assert f"`uvx truss {command}`" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "nowhere does not exist"),
        (["truss/model/nowhere.py"], "truss/model/nowhere.py does not exist"),
        (["truss/nowhere/"], "truss/nowhere does not exist"),
        (["truss", "--select", "TRS999"], "no rule has the code, prefix or name `TRS999`"),
        (["truss", "--ignore", "TRS1,[bold]"], "no rule has the code, prefix or name `[bold]`"),
        (["--explain", "E501"], "no rule has the code, prefix or name `E501`"),
        (["\x1b[31m"], r"\x1b[31m does not exist"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], message: str, run: Run, write_truss: WriteTruss
) -> None:
    write_truss({"model/model.py": WRONG})
    done = run("check", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    error, hint = done.stderr.splitlines()
    assert error == f"error: {message}"
    assert hint.startswith("help: ")


def test_the_working_folder_is_checked_by_default(run: Run, write_truss: WriteTruss) -> None:
    done = run("check", "--output-format", "json", cwd=write_truss({"model/model.py": WRONG}))
    assert {entry["filename"] for entry in json.loads(done.stdout)} == {"model/model.py"}


def test_a_folder_inside_a_truss_names_the_truss(run: Run, write_truss: WriteTruss) -> None:
    done = run("check", cwd=write_truss({"model/model.py": WRONG}) / "model")
    assert done.returncode == 1
    assert "help: It lies in the truss ..: run `truss check ..`." in done.stdout


def test_a_folder_that_is_no_truss_is_told_what_it_lacks(run: Run, tmp_path: Path) -> None:
    done = run("check", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith(
        "config.yaml:1:1: error[TRS001] config-missing: the folder has no config.yaml\n"
    )
    assert "truss init" in done.stdout


@pytest.mark.parametrize(("arguments", "code"), [(["."], 1), (["--explain", *["TRS"] * 4], 0)])
def test_a_reader_that_leaves_is_no_error(arguments: list[str], code: int, tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"truss-{number:03}").mkdir()
        (tmp_path / f"truss-{number:03}" / "config.yaml").touch()
    process = subprocess.Popen(
        [TRUSS, "check", *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.wait(timeout=SECONDS) == code


@pytest.mark.parametrize(
    "paths", [[], [""], ["truss"], ["truss", "./truss"], ["truss/model/model.py"], ["nowhere"], ["\x1b", "é"]]
)
def test_paths_alone_mean_what_they_mean_beside_an_option(
    paths: list[str], run: Run, write_truss: WriteTruss
) -> None:
    write_truss({"model/model.py": WRONG})
    alone, beside = run("check", *paths), run("check", *paths, "--output-format", "text")
    without_time = [re.sub(r"\([\d.]+ m?s\)", "", done.stdout) for done in (alone, beside)]
    assert without_time[0] == without_time[1]
    assert (alone.returncode, alone.stderr) == (beside.returncode, beside.stderr)
