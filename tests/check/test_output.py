"""`--statistics`, `--quiet`, `--output-file`, and colour that is asked for."""

import json
from pathlib import Path

import pytest

from callables import Run, WriteTruss

BROKEN = (
    "class Model:\n    def predict(self, a, b) -> str:\n        return {}\n    def load(self, a, b): ...\n"
)
FINE = "class Model:\n    def predict(self, model_input):\n        return model_input\n"


@pytest.fixture
def broken(write_truss: WriteTruss) -> Path:
    return write_truss({"model/model.py": BROKEN, "config.yaml": "aa: 1\nbb: 2\ncc: 3\n"})


def test_statistics_count_each_rule_most_frequent_first(broken: Path, run: Run) -> None:
    done = run("check", broken, "--statistics")
    assert done.returncode == 1
    rows = [line.split("\t") for line in done.stdout.splitlines()[:-1]]
    assert rows[0] == ["3", "TRS508", "unknown-key"]
    assert ["1", "TRS106", "request-position"] in rows
    assert done.stdout.splitlines()[-1] == f"Found {sum(int(row[0]) for row in rows)} findings in 1 truss"
    entries = json.loads(run("check", broken, "--statistics", "--output-format", "json").stdout)
    assert [[str(entry["count"]), entry["code"], entry["name"]] for entry in entries] == rows


def test_statistics_of_nothing(run: Run, write_truss: WriteTruss) -> None:
    truss = write_truss({"model/model.py": FINE})
    assert run("check", truss, "--statistics").stdout == "No problems found in 1 truss\n"
    assert run("check", truss, "--statistics", "-q").stdout == ""


def test_formats_without_statistics_are_refused(broken: Path, run: Run) -> None:
    done = run("check", broken, "--statistics", "--output-format", "sarif")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there are no statistics in the format `sarif`" in done.stderr


def test_quiet_leaves_out_all_but_the_findings(broken: Path, run: Run, write_truss: WriteTruss) -> None:
    full, quiet = run("check", broken), run("check", broken, "--quiet")
    assert full.stdout.startswith(quiet.stdout)
    assert full.stdout[len(quiet.stdout) :].startswith("Found ")
    assert "explains a rule" in full.stdout
    assert quiet.returncode == full.returncode == 1
    done = run("check", write_truss({"model/model.py": FINE, "config.yaml": "model_name: m\n"}), "-q")
    assert (done.stdout, done.returncode) == ("", 0)


@pytest.mark.parametrize("output_format", ["text", "json", "sarif", "junit"])
def test_the_report_goes_to_a_file(output_format: str, broken: Path, run: Run) -> None:
    file = broken.parent / "report"
    file.write_text("x" * 100_000)
    options = ["--output-format", output_format, "-q"]
    done = run("check", broken, *options, "-o", file, env={"FORCE_COLOR": "1", "GITHUB_ACTIONS": "true"})
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    if output_format != "junit":  # it has a time
        assert file.read_text() == run("check", broken, *options).stdout


@pytest.mark.parametrize("name", ["nowhere/report", "."])
def test_a_file_that_cannot_be_written_is_named(name: str, broken: Path, run: Run) -> None:
    done = run("check", broken, "--output-file", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"error: {name} cannot be written: " in done.stderr


@pytest.mark.parametrize(
    ("environment", "colored"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "CI": "true", "TERM": "dumb"}, True),
        ({"FORCE_COLOR": ""}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_that_is_asked_for(
    *, environment: dict[str, str], colored: bool, broken: Path, run: Run
) -> None:
    assert ("\x1b[" in run("check", broken, env=environment).stdout) == colored
    assert ("\x1b[" in run("check", "nowhere", env=environment).stderr) == colored
    assert "\x1b[" not in run("check", broken, "--output-format", "json", env=environment).stdout


def test_a_result_of_predict_is_never_coloured_in_a_pipe(run: Run, write_truss: WriteTruss) -> None:
    truss = write_truss({"model/model.py": FINE})
    done = run("predict", truss, "-d", '{"a": 1}', env={"FORCE_COLOR": "1"})
    assert (done.stdout, done.stderr) == ('{"a": 1}\n', "")


def test_a_rule_is_explained_within_the_terminal(run: Run) -> None:
    narrow = run("rule", "TRS206", env={"COLUMNS": "50"}).stdout
    paragraphs = narrow.partition("Reported:")[0]
    assert max(map(len, paragraphs.splitlines())) <= 50
    assert "            return {1, 2}\n" in narrow
    assert run("rule").stdout == run("check", "--explain").stdout
    assert run("rule", "TRS206").stdout == run("check", "--explain", "unsendable-result").stdout


def test_a_rule_that_there_is_not_is_named(run: Run) -> None:
    done = run("rule", "TRS999")
    assert (done.returncode, done.stdout) == (2, "")
    assert "`TRS999`" in done.stderr
