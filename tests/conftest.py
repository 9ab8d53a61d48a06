"""Fixtures for every test: trusses on disk, and the installed command in a process of its own."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from callables import Completed, Predict, PredictLate, Run, WriteModel, WriteTruss
from waiting import SECONDS
from wheels import write_server_wheels, write_wheel

TRUSS = Path(sys.executable).with_name("truss")

# A busy machine is not a failure.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

_NOT_INHERITED = ("TRUSS_", "NO_COLOR", "CI", "FORCE_COLOR", "GITHUB_")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="Write what is now put out as what is expected.")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the installed `truss` with arguments; pipes on all three streams, no colour, no secrets."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}

    def run_truss(
        *arguments: str | Path,
        stdin: str = "",
        cwd: Path = tmp_path,
        env: Mapping[str, str] | None = None,
        timeout: float = SECONDS,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [TRUSS, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            check=False,
            cwd=cwd,
            encoding="utf-8",
            env={**environment, **(env or {})},
            timeout=timeout,
        )

    return run_truss


@pytest.fixture(scope="session")
def package_index(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Write packages, and give the variables by which uv knows of these alone, and of a cache of its own."""
    folder = tmp_path_factory.mktemp("packages")
    write_server_wheels(folder)
    for version in ("1.0", "1.1"):
        write_wheel(folder, "example-library", version)
    write_wheel(folder, "example-plugin", "2.0", "example-library>=1.1")
    write_wheel(folder, "example-compiled", "1.0", tag="cp311-cp311-manylinux_2_17_x86_64")
    return {
        "UV_FIND_LINKS": str(folder),
        "UV_DEFAULT_INDEX": tmp_path_factory.mktemp("index").as_uri(),
        "UV_CACHE_DIR": str(tmp_path_factory.mktemp("uv")),
        "TRUSS_CACHE_DIR": str(tmp_path_factory.mktemp("environments")),
    }


@pytest.fixture
def write_truss(tmp_path: Path) -> WriteTruss:
    """Write files (name to text) as a truss and give its folder; a config.yaml is added if absent."""

    def write(files: Mapping[str, str]) -> Path:
        folder = tmp_path / "truss"
        for name, text in {"config.yaml": "model_name: m\n", **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def write_model(write_truss: WriteTruss) -> WriteModel:
    """Write a truss around the text of its model.py, and give its folder."""

    def write(
        source: str, *, config: str = "model_name: m\n", files: Mapping[str, str] | None = None
    ) -> Path:
        return write_truss(
            {"config.yaml": config, "model/model.py": textwrap.dedent(source), **(files or {})}
        )

    return write


@pytest.fixture
def predict(run: Run, write_model: WriteModel) -> Predict:
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
        return run("predict", str(folder), *arguments, stdin=stdin, env=env)

    return run_predict


@pytest.fixture
def predict_late(predict: Predict) -> PredictLate:
    """Run `truss predict` on a model that gets stuck, with a time limit.

    A short limit does where the machine is idle; on a busy one the model may need longer to get stuck.
    """

    def run_predict_late(
        source: str, option: str, is_stuck: Callable[[Completed], bool], env: Mapping[str, str] | None = None
    ) -> Completed:
        process = predict(source, option, "0.3", env=env)
        for limit in ("2", "10", "60"):
            if is_stuck(process):
                break
            process = predict(source, option, limit, env=env)
        return process

    return run_predict_late
