"""Runs of `truss predict` in one process, each of which forks its worker."""

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from staged_runs import PredictHere, Result, RunHere

PROGRAM = """
import json, os, pathlib, sys
from truss_cli.errors import TrussError
from truss_cli.predict.command import PredictOptions, predict
report = os.dup(1)
before = dict(os.environ)
for line in sys.stdin:
    folder, options, variables = json.loads(line)
    for number in (1, 2):
        out = os.open(f"{folder}.{number}", os.O_CREAT | os.O_RDWR | os.O_TRUNC)
        os.dup2(out, number)
        os.close(out)
    os.environ.update(variables)
    message = hint = ""
    try:
        code = int(predict(PredictOptions(pathlib.Path(folder), data="{}", **options)))
    except TrussError as error:
        code, message, hint = int(error.exit_code), error.message, error.hint or ""
        sys.stderr.write(error.detail or "")
    sys.stderr.flush()
    os.environ.clear()
    os.environ.update(before)
    texts = [pathlib.Path(f"{folder}.{number}").read_text(errors="replace") for number in (1, 2)]
    os.write(report, (json.dumps([code, *texts, message, hint]) + "\\n").encode())
"""


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that has the stages."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def run_here(cache: Path) -> Iterator[RunHere]:
    """Run `truss predict` on a folder."""
    environment = {**os.environ, "TRUSS_CACHE_DIR": str(cache), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdin
        assert process.stdout
        stdin, stdout = process.stdin, process.stdout

        def run(folder: Path, options: Mapping[str, object], variables: Mapping[str, str]) -> Result:
            stdin.write(json.dumps([str(folder), options, variables]) + "\n")
            stdin.flush()
            return Result(*json.loads(stdout.readline()))

        yield run
        stdin.close()


@pytest.fixture
def predict_here(run_here: RunHere, tmp_path: Path) -> PredictHere:
    """Write a truss around the text of its model.py, and run `truss predict` on it."""

    def predict(
        source: str,
        files: Mapping[str, str] | None = None,
        *,
        config: str = "model_name: m\n",
        options: Mapping[str, object] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Result:
        folder = tmp_path / "truss"
        texts = {"config.yaml": config, "model/model.py": textwrap.dedent(source), **(files or {})}
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return run_here(folder, options or {}, variables or {})

    return predict
