"""Agreement with the deployed server on cases measured there, and of `check` with `predict` on each."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

Case = Mapping[str, Any]  # Any: JSON
Completed = subprocess.CompletedProcess[str]

CASES: list[Case] = [
    json.loads(line) for line in (Path(__file__).parent / "cases/models.jsonl").read_text().splitlines()
]

# One process for all cases: each call forks its own worker, so nothing passes from one to the next.
PREDICT_ALL = """
import json, os, pathlib, sys
from truss_cli.errors import TrussError
from truss_cli.predict.command import PredictOptions, predict
report = os.dup(1)
for line in sys.stdin:
    folder, request = json.loads(line)
    out = os.open(folder + ".out", os.O_CREAT | os.O_RDWR)
    os.dup2(out, 1)
    os.close(out)
    try:
        code, message = int(predict(PredictOptions(pathlib.Path(folder), data=request))), ""
    except TrussError as error:
        code, message = int(error.exit_code), error.message
    body = pathlib.Path(folder + ".out").read_text(errors="replace")
    os.write(report, (json.dumps([code, message, body]) + "\\n").encode())
"""


def write_case(case: Case, folder: Path) -> None:
    for name, text in case["files"].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(text["base64"]) if isinstance(text, dict) else text.encode())
    (folder / "config.yaml").write_text(json.dumps({"model_name": "m", **case["config"]}))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give each case's truss, by the case's name."""
    root = tmp_path_factory.mktemp("cases")
    for case in CASES:
        (root / case["id"]).mkdir()
        write_case(case, root / case["id"])
    return {case["id"]: root / case["id"] for case in CASES}


@pytest.fixture(scope="module")
def answers(folders: Mapping[str, Path]) -> dict[str, tuple[int, str, str]]:
    """Give what `predict` says to each case: exit code, message and output."""
    lines = "".join(json.dumps([str(folders[case["id"]]), case["request"]]) + "\n" for case in CASES)
    done = subprocess.run([sys.executable, "-c", PREDICT_ALL], input=lines, stdout=-1, text=True, check=True)
    return dict(zip(folders, map(json.loads, done.stdout.splitlines()), strict=True))


def test_predict_answers_as_deployed(answers: Mapping[str, tuple[int, str, str]]) -> None:
    disagreements = []
    for case in CASES:
        code, message, output = answers[case["id"]]
        want, body = case["expect"]["predict"], case["deployed"]["body"]
        if want == "ok":
            agrees = code == 0 and (output in (body, body + "\n") or json.loads(output) == json.loads(body))
        else:
            agrees = code in (1, 2) if want == "fail" else code in (0, 1, 2)
        if not agrees:
            disagreements.append((case["id"], want, body, code, message, output))
    assert disagreements == []


def test_check_and_predict_never_contradict_each_other(
    run: Callable[..., Completed],
    folders: Mapping[str, Path],
    answers: Mapping[str, tuple[int, str, str]],
) -> None:
    done = run("check", "--output-format", "json", *map(str, folders.values()))
    faulty = {
        next(name for name, folder in folders.items() if Path(finding["filename"]).is_relative_to(folder))
        for finding in json.loads(done.stdout)
        if finding["severity"] == "error"
    }
    runs_well = {name for name, (code, _, _) in answers.items() if code == 0}
    assert faulty & runs_well == set()
    assert len(faulty) > 20
    assert len(runs_well) > 30
