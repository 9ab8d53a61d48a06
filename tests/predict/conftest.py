"""Running `truss predict` on a model given as text."""

import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Completed = subprocess.CompletedProcess[str]
Predict = Callable[..., Completed]
WriteModel = Callable[..., Path]

TRUSS = Path(sys.executable).with_name("truss")


@pytest.fixture
def write_model(write_truss: Callable[[Mapping[str, str]], Path]) -> WriteModel:
    """Write a truss around the text of its model.py, and give its folder."""

    def write(
        source: str, *, config: str = "model_name: m\n", files: Mapping[str, str] | None = None
    ) -> Path:
        return write_truss(
            {"config.yaml": config, "model/model.py": textwrap.dedent(source), **(files or {})}
        )

    return write


@pytest.fixture
def predict(run: Callable[..., Completed], write_model: WriteModel) -> Predict:
    """Write a truss and run `truss predict` on it."""

    def run_predict(
        source: str,
        *arguments: str,
        stdin: str = '{"x": 1}',
        config: str = "model_name: m\n",
        files: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Completed:
        folder = write_model(source, config=config, files=files)
        return run("predict", str(folder), *arguments, stdin=stdin, env=env, timeout=40)

    return run_predict
