"""The fixtures for pytest, as an author of a model uses them: in a pytest of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from callables import WriteTruss
from waiting import SECONDS

MODEL = """
import os
from pathlib import Path
import numpy as np


class Model:
    def __init__(self, config, data_dir, secrets, environment):
        self.config, self.data, self.secrets, self.environment = config, data_dir, secrets, environment
        self.loads = 0

    def load(self):
        self.loads += 1

    def predict(self, model_input):
        if model_input == "fail":
            raise LookupError("no such thing")
        if model_input == "unsendable":
            return {1, 2}
        if model_input == "stream":
            return (f"{n}" for n in range(3))
        return {
            "input": model_input, "loads": self.loads, "array": np.arange(2), "pair": (1, 2),
            "data": sorted(p.name for p in Path(self.data).iterdir()), "variable": os.environ.get("GREETING"),
            "key": self.secrets["key"], "environment": self.environment, "folder": Path.cwd().name,
            "size": self.config["model_metadata"]["size"], "kept": self.config["model_metadata"]["kept"],
        }

    async def embeddings(self, model_input):
        return {"of": model_input}
"""
CONFIG = """
model_name: m
secrets: {key: null}
environment_variables: {GREETING: hello}
model_metadata: {size: large, kept: 1}
"""
TESTS = """
import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def truss_config():
    return {"model_metadata": {"size": "tiny"}}


@pytest.fixture(scope="session")
def truss_secrets():
    return {"key": "for tests"}


@pytest.fixture(scope="session")
def truss_environment():
    return "staging"


def test_as_deployed(truss_model):
    assert truss_model.predict({"a": [1]}) == {
        "input": {"a": [1]}, "loads": 1, "array": [0, 1], "pair": [1, 2], "data": ["words.txt"],
        "variable": "hello", "key": "for tests", "environment": {"name": "staging"}, "folder": "app",
        "size": "tiny", "kept": 1,
    }


def test_loaded_once_and_nothing_stays_behind(truss_model, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert truss_model.predict(0)["loads"] == 1
    assert Path.cwd() == tmp_path
    assert "GREETING" not in os.environ


def test_errors_are_the_models_own(truss_model):
    with pytest.raises(LookupError, match="no such thing"):
        truss_model.predict("fail")


def test_what_cannot_be_sent(truss_model):
    with pytest.raises(Exception, match="set is not JSON serializable"):
        truss_model.predict("unsendable")


def test_a_stream_is_its_chunks(truss_model):
    assert truss_model.predict("stream") == ["0", "1", "2"]


def test_an_endpoint(truss_model):
    assert truss_model.embeddings(["x"]) == {"of": ["x"]}
    with pytest.raises(Exception, match="no method `completions`"):
        truss_model.completions({})


async def coroutine(truss_model):
    return truss_model.embeddings(1)


def test_beside_a_loop_of_the_tests_own(truss_model):
    import asyncio
    assert asyncio.run(coroutine(truss_model)) == {"of": 1}
"""

CLIENT = """
import pytest


@pytest.fixture(scope="session")
def truss_secrets():
    return {"key": "for tests"}


def test_predict_and_an_endpoint(truss_client, truss_model):
    answer = truss_client.post("/v1/models/model:predict", json=1)
    assert answer.status_code == 200
    assert answer.json() == truss_model.predict(1)
    assert truss_client.post("/v1/embeddings", json=[1]).json() == {"of": [1]}
    assert truss_client.get("/v1/models/model").status_code == 200


def test_errors_are_those_of_the_server(truss_client):
    assert truss_client.post("/v1/models/model:predict", json="fail").status_code == 500
    assert truss_client.post("/v1/models/model:predict", content=b"{").status_code == 400
    assert truss_client.post("/v1/completions", json={}).status_code == 404


def test_a_stream(truss_client):
    assert truss_client.post("/v1/models/model:predict", json="stream").text == "012"
"""
WEBSOCKET = """
from fastapi import WebSocket


class Model:
    async def websocket(self, websocket: WebSocket):
        await websocket.send_text("heard " + await websocket.receive_text())
"""
TALK = """
def test_a_conversation(truss_client):
    with truss_client.websocket_connect("/v1/websocket") as client:
        client.send_text("me")
        assert client.receive_text() == "heard me"
"""


def run_pytest(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-Werror", "-pno:cacheprovider", *arguments],
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=SECONDS,
    )
    return done.stdout + done.stderr


def files(tests: str) -> dict[str, str]:
    fixed = {"config.yaml": CONFIG, "model/model.py": MODEL, "data/words.txt": "a"}
    return {**fixed, "tests/test_m.py": tests}


def test_a_truss_is_tested_as_deployed(write_truss: WriteTruss) -> None:
    assert "7 passed" in run_pytest(write_truss(files(TESTS)))


def test_the_routes_answer_in_process(write_truss: WriteTruss) -> None:
    assert "3 passed" in run_pytest(write_truss(files(CLIENT)))


def test_a_websocket_is_opened_in_process(write_truss: WriteTruss) -> None:
    config = "model_name: m\nruntime: {transport: {kind: websocket}}\n"
    made = {"config.yaml": config, "model/model.py": WEBSOCKET, "tests/test_m.py": TALK}
    assert "1 passed" in run_pytest(write_truss(made))


def test_the_truss_is_found_from_above_and_from_inside_it(write_truss: WriteTruss) -> None:
    folder = write_truss(files(TESTS))
    assert "7 passed" in run_pytest(folder.parent, "truss/tests")
    assert "7 passed" in run_pytest(folder / "tests")


@pytest.mark.parametrize(
    ("config", "problem"),
    [("model_name: [", "config.yaml:"), ("model_name: m\npython_version: py27", "config.yaml:2:")],
)
def test_a_config_that_is_refused_is_one_clear_error(
    write_truss: WriteTruss, config: str, problem: str
) -> None:
    shown = run_pytest(write_truss({**files("def test_m(truss_model): ..."), "config.yaml": config}))
    assert problem in shown
    assert "1 error" in shown


def test_without_a_truss_it_says_where_one_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / "test_m.py").write_text("def test_m(truss_model): ...", encoding="utf-8")
    assert "no truss lies around these tests" in run_pytest(tmp_path)


def test_a_bare_pytest_imports_nothing_of_it_but_the_plugin(tmp_path: Path) -> None:
    names = ["truss_cli", "truss_cli.testing", "truss_cli.testing.plugin"]
    found = "[name for name in sorted(sys.modules) if name.startswith('truss_cli')]"
    program = f"import sys\ndef test(): assert {found} == {names}"
    (tmp_path / "test_m.py").write_text(program, encoding="utf-8")
    assert "1 passed" in run_pytest(tmp_path)
