"""`truss serve --isolated`: the server runs on what the environment has, and nothing of the tool's."""

import json
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import pytest

from callables import Run, WriteModel
from serve.serving import Serving, serving
from waiting import SECONDS
from wheels import write_installed_wheel, write_wheel

THIS = f"{sys.version_info.major}.{sys.version_info.minor}"
ISOLATED = ("--isolated", "--python", THIS)
CONFIG = "requirements: [example-library==1.0, starlette]\n"
MODEL = """
import importlib.util
import example_library
class Model:
    def predict(self, model_input):
        there = [name for name in ("typer", "httptools", "watchfiles") if importlib.util.find_spec(name)]
        return {"version": example_library.__version__, "there": there, "input": model_input}
"""
SERVER = ("anyio", "click", "h11", "idna", "starlette", "typing-extensions", "uvicorn")


@pytest.fixture(scope="session")
def server_index(
    package_index: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, str]:
    """Add a server that works to the packages, but none of its compiled parts."""
    folder = tmp_path_factory.mktemp("server-packages")
    for wheel in Path(package_index["UV_FIND_LINKS"]).iterdir():
        (folder / wheel.name).symlink_to(wheel)
    for name in SERVER:
        write_installed_wheel(folder, name)
    write_wheel(folder, "uvloop", "99", files={"uvloop.py": "from asyncio import new_event_loop\n"})
    return {**package_index, "UV_FIND_LINKS": str(folder)}


def _get(server: Serving, path: str, body: object = None, accept: str = "*/*") -> str:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", data, {"accept": accept})
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - as above
        text: str = answer.read().decode()
        return text


def test_model_is_served_from_its_environment_and_reloaded(
    write_model: WriteModel, server_index: Mapping[str, str]
) -> None:
    folder = write_model(MODEL, config=CONFIG)
    with serving(folder, *ISOLATED, "--reload", env=server_index) as server:
        server.wait_for("ready")
        answer = json.loads(_get(server, "/v1/models/model:predict", {"x": 1}))
        assert answer == {"version": "1.0", "there": [], "input": {"x": 1}}
        assert "<html" in _get(server, "/", accept="text/html")
        (folder / "config.yaml").write_text(CONFIG.replace("1.0", "1.1"))
        server.wait_for("ready")
        answer = json.loads(_get(server, "/v1/models/model:predict", 2))
        assert answer == {"version": "1.1", "there": [], "input": 2}
        assert server.stop() == 130
        assert server.stderr == ""


def test_environment_without_a_server_is_named(
    run: Run, write_model: WriteModel, package_index: Mapping[str, str]
) -> None:
    folder = write_model(MODEL, config="requirements: [example-library==1.0]\n")
    done = run("serve", str(folder), "--port", "0", *ISOLATED, env=package_index)
    assert "error: the environment of the truss has no starlette, which `truss serve` needs" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


def test_options_of_isolation_need_it(run: Run, write_model: WriteModel) -> None:
    done = run("serve", str(write_model(MODEL)), "--port", "0", "--offline")
    assert "`--offline` is for an environment of its own" in done.stderr
    assert done.returncode == 2
