"""Agreement of `predict` with the deployed server on cases measured there, and with `check` on each."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from measured import Case, parametrize, write_case
from truss_cli.check.engine import check_truss
from truss_cli.check.selection import Selection
from truss_cli.contract.terms import Severity

Answer = tuple[int, str, str]
"""Exit code, message and output."""
Ask = Callable[[Path, str], Answer]

# One process for all cases: each call forks its own worker, so nothing passes from one to the next.
PROGRAM = """
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


@pytest.fixture(scope="session")
def ask() -> Iterator[Ask]:
    """Call a function that returns what `truss predict` answers for a truss and a request."""
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        stdin, stdout = process.stdin, process.stdout

        def answer(folder: Path, request: str) -> Answer:
            stdin.write(json.dumps([str(folder), request]) + "\n")
            stdin.flush()
            code, message, output = json.loads(stdout.readline())
            return code, message, output

        yield answer
        stdin.close()


@parametrize("models.jsonl", "answers.jsonl")
def test_predict_answers_as_deployed(case: Case, tmp_path: Path, ask: Ask) -> None:
    folder = write_case(case, tmp_path / "truss")
    code, message, output = ask(folder, case["request"])
    want, body = case["expect"]["predict"], case["deployed"]["body"]
    if want == "ok":
        assert (code, message) == (0, "")
        assert output in (body, f"{body}\n") or json.loads(output) == json.loads(body)
    else:
        assert code in ((1, 2) if want == "fail" else (0, 1, 2))
    if code == 0:
        errors = [
            found for found in check_truss(folder, Selection().rules()) if found.severity is Severity.ERROR
        ]
        assert errors == [], "check calls an error what predict runs"
