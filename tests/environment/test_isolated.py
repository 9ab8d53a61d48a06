"""`truss predict --isolated`: the model has what config.yaml asks for, and nothing of the tool's."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from callables import Completed, Run, WriteModel
from conftest import TRUSS
from truss_cli.environment.interpreters import find_python
from truss_cli.environment.uv import find_uv
from truss_cli.errors import TrussError
from waiting import SECONDS, wait_until

THIS = f"{sys.version_info.major}.{sys.version_info.minor}"
CONFIG = f"python_version: py{THIS.replace('.', '')}\nrequirements: [example-library==1.0]\n"
ECHO = "class Model:\n    def predict(self, model_input): return model_input\n"
SURROUNDINGS = """
import importlib.util, sys
import example_library
class Model:
    def __init__(self, config, secrets): self.config, self.secrets = config, secrets
    def load(self): self.loaded = True
    def predict(self, model_input):
        tools = ("typer", "rich", "pydantic", "jinja2", "pytest")
        return {
            "version": example_library.__version__,
            "tools": [name for name in tools if importlib.util.find_spec(name)],
            "path": [one for one in sys.path if "site-packages" in one and not one.startswith(sys.prefix)],
            "config": self.config["model_class_name"],
            "secret": self.secrets["token"],
            "input": model_input,
        }
"""


@pytest.fixture
def isolated(run: Run, write_model: WriteModel, package_index: Mapping[str, str]) -> Run:
    """Write a truss and run `truss predict --isolated` on it."""

    def run_isolated(
        source: str,
        *arguments: str,
        config: str = CONFIG,
        env: Mapping[str, str] | None = None,
        stdin: str = '{"x": 1}',
    ) -> Completed:
        folder = write_model(source, config=config)
        given = {**package_index, **(env or {})}
        return run("predict", str(folder), "--isolated", *arguments, stdin=stdin, env=given)

    return run_isolated


@cache
def _pythons() -> list[str]:
    """Return the Pythons that trusses name, as far as they are on this machine."""
    found = []
    for version in ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14"):
        try:
            find_python(version, find_uv(Path(__file__).parent, offline=True))
        except TrussError:
            continue
        found.append(version)
    return found


def test_model_has_what_it_requires_and_nothing_of_the_tools(isolated: Run) -> None:
    config = f"{CONFIG}secrets: {{token: null}}\n"
    done = isolated(SURROUNDINGS, config=config, env={"TRUSS_SECRET_token": "t0ken"})
    assert done.stderr == ""
    assert done.stdout == (
        '{"version": "1.0", "tools": [], "path": [], "config": "Model", "secret": "t0ken", '
        '"input": {"x": 1}}\n'
    )


@pytest.mark.parametrize("version", _pythons())
def test_worker_runs_in_each_python_that_trusses_name(version: str, isolated: Run) -> None:
    source = """
    import sys
    class Model:
        async def predict(self, model_input):
            yield f"{sys.version_info[0]}.{sys.version_info[1]}"
    """
    done = isolated(source, "--python", version)
    assert (done.stdout, done.stderr) == (version, "")


@pytest.mark.parametrize(("keyword", "concurrency"), [("", "1"), ("async ", "3")])
def test_lines_are_answered_in_the_oldest_python_and_a_crash_costs_one(
    keyword: str, concurrency: str, isolated: Run
) -> None:
    source = f"""
    import os, sys
    class Model:
        {keyword}def predict(self, number):
            if number == 2:
                os._exit(3)
            return [number, sys.version_info[1]]
    """
    version = _pythons()[0]
    options = ("--jsonl", "--concurrency", concurrency, "--python", version)
    done = isolated(source, *options, stdin="1\n2\n3\n4\n")
    minor = int(version.partition(".")[2])
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [lines[index] for index in (0, 2, 3)] == [[1, minor], [3, minor], [4, minor]]
    assert lines[1]["error"]["line"] == 2
    assert done.returncode == 1


def test_runs_at_one_time_build_one_environment(
    write_model: WriteModel, package_index: Mapping[str, str], tmp_path: Path
) -> None:
    folder = write_model(ECHO, config=CONFIG)
    env = {**os.environ, **package_index, "TRUSS_CACHE_DIR": str(tmp_path / "cache")}
    command: list[str | Path] = [TRUSS, "predict", folder, "-d", "1", "--isolated"]
    runs = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) for _ in range(3)
    ]
    ends = [(*process.communicate(timeout=SECONDS), process.returncode) for process in runs]
    assert [(stdout, status) for stdout, _, status in ends] == [(b"1\n", 0)] * 3
    assert all(b"error" not in stderr for _, stderr, _ in ends)
    assert len(list(tmp_path.glob("cache/environments/*"))) == 1


def test_second_run_needs_neither_uv_nor_packages(isolated: Run) -> None:
    assert isolated(ECHO).returncode == 0
    done = isolated(ECHO, env={"PATH": os.defpath})
    assert (done.stdout, done.returncode) == ('{"x": 1}\n', 0)


def test_prints_go_to_stderr_and_a_failure_shows_the_models_frames(isolated: Run) -> None:
    source = """
    class Model:
        def predict(self, model_input):
            print("printed")
            return 1 / 0
    """
    done = isolated(source)
    assert (done.stdout, done.returncode) == ("", 1)
    assert done.stderr.startswith("printed\n")
    assert "ZeroDivisionError" in done.stderr
    assert "truss_cli" not in done.stderr


def test_missing_module_is_to_be_required(isolated: Run) -> None:
    done = isolated(f"import example_plugin\n{ECHO}")
    assert done.returncode == 1
    assert (
        "help: No requirement provides `example_plugin`: add one that does to `requirements`" in done.stderr
    )


def test_deadline_holds_and_names_where_the_model_is_stuck(isolated: Run) -> None:
    done = isolated(
        "import time\nclass Model:\n    def predict(self, i): time.sleep(60)\n", "--predict-timeout", "0.5"
    )
    assert done.returncode == 124
    assert "time.sleep(60)" in done.stderr


def test_ctrl_c_ends_it(write_model: WriteModel, package_index: Mapping[str, str], tmp_path: Path) -> None:
    started = tmp_path / "started"
    source = f"""
    import pathlib, time
    class Model:
        def predict(self, i):
            pathlib.Path({str(started)!r}).touch()
            time.sleep(60)
    """
    folder = write_model(source, config=CONFIG)
    command: list[str | Path] = [TRUSS, "predict", folder, "-d", "1", "--isolated"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, env={**os.environ, **package_index}, start_new_session=True
    )
    try:
        wait_until(lambda: started.exists() or process.poll() is not None)
        os.killpg(process.pid, signal.SIGINT)
        _, stderr = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
    assert process.returncode == 130
    assert b"Traceback" not in stderr


def test_input_at_fault_leaves_no_process_of_a_built_environment(
    isolated: Run, write_model: WriteModel, package_index: Mapping[str, str]
) -> None:
    assert isolated(ECHO).returncode == 0
    command: list[str | Path] = [TRUSS, "predict", write_model(ECHO, config=CONFIG), "-d", "{", "--isolated"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, env={**os.environ, **package_index}, start_new_session=True
    )
    _, stderr = process.communicate(timeout=SECONDS)
    assert process.returncode == 2
    assert b"error: the input of `-d` is not JSON" in stderr
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_environment_that_was_broken_since_is_to_be_built_anew(isolated: Run, tmp_path: Path) -> None:
    own = {"TRUSS_CACHE_DIR": str(tmp_path / "cache")}
    assert isolated(ECHO, env=own).returncode == 0
    (python,) = tmp_path.glob("cache/environments/*/bin/python")
    python.unlink()
    python.touch()
    done = isolated(ECHO, env=own)
    assert (done.stdout, done.returncode) == ("", 2)
    assert "Permission denied" in done.stderr
    assert "--refresh" in done.stderr


@pytest.mark.parametrize(
    ("config", "status", "said"),
    [
        (f"{CONFIG}system_packages: [ffmpeg]\n", 0, "note: not reproduced here: system_packages (ffmpeg)"),
        (f"{CONFIG}resources: {{accelerator: L4}}\n", 0, "the GPU (L4) with its CUDA"),
        ("requirements:\n- example-library==99\n", 1, "config.yaml:2:3: `example-library==99` cannot be met"),
        ("requirements:\n- msgpack==1.0.0\n", 1, "config.yaml:2:3: `msgpack==1.0.0` cannot be met"),
    ],
)
def test_what_cannot_be_had_is_named(config: str, status: int, said: str, isolated: Run) -> None:
    done = isolated(ECHO, "--python", THIS, config=config)
    assert said in done.stderr
    assert done.returncode == status


def test_broken_build_leaves_nothing(isolated: Run, tmp_path: Path, package_index: Mapping[str, str]) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    for wheel in Path(package_index["UV_FIND_LINKS"]).iterdir():
        (packages / wheel.name).symlink_to(wheel)
    broken = packages / "example_library-2.0-py3-none-any.whl"
    broken.write_bytes(b"not a wheel")
    config = CONFIG.replace("==1.0", "==2.0")
    env = {"UV_FIND_LINKS": str(packages), "TRUSS_CACHE_DIR": str(tmp_path / "cache")}
    done = isolated(ECHO, config=config, env=env)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("cache/environments/*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--python", "3.99", "--offline"), "there is no Python 3.99 on this machine"),
        (("--debug",), "`--isolated` and `--debug` exclude each other"),
        (("--engine", "ray", "--jsonl"), "`--isolated` and `--engine ray` exclude each other"),
    ],
)
def test_command_line_is_at_fault(arguments: tuple[str, ...], said: str, isolated: Run) -> None:
    done = isolated(ECHO, *arguments, "-d", "1")
    assert said in done.stderr
    assert done.returncode == 2


def test_options_of_isolation_need_it(run: Run, write_model: WriteModel) -> None:
    done = run("predict", write_model(ECHO), "-d", "1", "--offline")
    assert "`--offline` is for an environment of its own" in done.stderr
    assert done.returncode == 2


def test_shims_are_not_started_in_search_of_a_python(isolated: Run, tmp_path: Path) -> None:
    started, shim = tmp_path / "started", tmp_path / "pyenv/shims/python3.99"
    shim.parent.mkdir(parents=True)
    shim.write_text(f"#!/bin/sh\ntouch {started}\nexit 1\n")
    shim.chmod(0o755)
    path = os.pathsep.join((str(shim.parent), os.environ["PATH"]))
    done = isolated(ECHO, "--python", "3.99", "--offline", env={"PATH": path})
    assert done.returncode == 2
    assert "there is no Python 3.99" in done.stderr
    assert not started.exists()
