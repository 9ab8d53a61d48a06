"""`--reload`: a new version takes over when it is ready, and only then."""

import functools
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from callables import WriteModel
from serve.exchange import perform
from serve.serving import Serving
from waiting import wait_until

Serve = Callable[..., Serving]
FIRST = "class Model:\n    def predict(self, model_input):\n        return 'first'\n"
ASK = {"method": "POST", "path": "/v1/models/model:predict", "body": "1"}


def _write(folder: Path, source: str) -> None:
    (folder / "model" / "model.py").write_text(source)


def test_a_change_is_served_once_it_is_ready(serve: Serve, write_model: WriteModel) -> None:
    folder = write_model(FIRST)
    server = serve(folder, "--reload", "--in-place")
    server.wait_for("ready")
    _write(
        folder,
        "import os, time\n" + FIRST.replace("first", "second") + "    def load(self):\n"
        "        while not os.path.exists('go'): time.sleep(0.01)\n",
    )
    server.wait_for("reload")
    assert perform(ASK, server.port)["body"] == '"first"'
    (folder / "go").touch()
    server.wait_for("ready")
    assert perform(ASK, server.port)["body"] == '"second"'


def test_no_request_is_lost_while_versions_change(serve: Serve, write_model: WriteModel) -> None:
    folder = write_model(FIRST)
    server = serve(folder, "--reload")
    server.wait_for("ready")
    stop, answers, errors = threading.Event(), [], []

    def ask() -> None:
        while not stop.is_set():
            try:
                answers.append(perform(ASK, server.port)["body"])
            except OSError as error:
                errors.append(error)

    clients = [threading.Thread(target=ask) for _ in range(4)]
    for client in clients:
        client.start()
    for number in range(3):
        _write(folder, FIRST.replace("first", f"version {number}"))
        server.wait_for("ready")
        wait_until(functools.partial(answers.__contains__, f'"version {number}"'))
    stop.set()
    for client in clients:
        client.join()
    assert not errors
    assert set(answers) == {'"first"', *(f'"version {number}"' for number in range(3))}


def test_a_version_that_fails_to_load_leaves_the_one_before(serve: Serve, write_model: WriteModel) -> None:
    folder = write_model(FIRST)
    server = serve(folder, "--reload")
    server.wait_for("ready")
    _write(folder, "import nothing_of_that_name\n" + FIRST)
    assert "nothing_of_that_name" in server.wait_for("error")["message"]
    assert perform(ASK, server.port)["body"] == '"first"'
    (folder / "config.yaml").write_text("model_name: [")
    assert "config.yaml" in server.wait_for("error")["message"]
    assert perform(ASK, server.port)["body"] == '"first"'
    (folder / "config.yaml").write_text("model_name: m\n")
    server.wait_for("error")
    _write(folder, FIRST.replace("first", "mended"))
    server.wait_for("ready")
    assert perform(ASK, server.port)["body"] == '"mended"'


def test_a_first_version_that_fails_is_waited_for(serve: Serve, write_model: WriteModel) -> None:
    folder = write_model("1 / 0\n")
    server = serve(folder, "--reload")
    assert "ZeroDivisionError" in server.wait_for("error")["message"]
    assert perform(ASK, server.port)["status"] == 503
    _write(folder, FIRST)
    server.wait_for("ready")
    assert perform(ASK, server.port)["body"] == '"first"'


def test_a_request_under_way_is_answered_by_the_version_that_took_it(
    serve: Serve, write_model: WriteModel
) -> None:
    wait = "        import os, time\n        open('began', 'w').close()\n"
    wait += "        while not os.path.exists('go'): time.sleep(0.01)\n"
    folder = write_model(FIRST.replace("        return", f"{wait}        return"))
    server = serve(folder, "--reload", "--in-place")
    server.wait_for("ready")
    answers: list[object] = []
    client = threading.Thread(target=lambda: answers.append(perform(ASK, server.port)["body"]))
    client.start()
    wait_until((folder / "began").exists)
    _write(folder, FIRST.replace("first", "second"))
    server.wait_for("ready")
    assert perform(ASK, server.port)["body"] == '"second"'
    (folder / "go").touch()
    client.join()
    assert answers == ['"first"']


def test_code_beside_the_model_counts_and_data_does_not(serve: Serve, write_model: WriteModel) -> None:
    source = """
        import helper
        class Model:
            def predict(self, i):
                open("data/x", "w").close()
                return helper.X
    """
    folder = write_model(source, files={"packages/helper.py": "X = 1\n", "data/y": ""})
    server = serve(folder, "--reload")
    server.wait_for("ready")
    assert perform(ASK, server.port)["body"] == "1"
    (folder / "packages" / "helper.py").write_text("X = 2\n")
    assert server.wait_for("reload")["files"][0].endswith("helper.py")
    server.wait_for("ready")
    assert perform(ASK, server.port)["body"] == "2"


def test_a_worker_that_dies_is_started_again(serve: Serve, write_model: WriteModel) -> None:
    source = """
        import os
        class Model:
            def predict(self, i):
                if i == 1: os._exit(3)
                return i
    """
    folder = write_model(source)
    server = serve(folder, "--reload")
    server.wait_for("ready")
    with pytest.raises(OSError, match=r"."):
        perform(ASK, server.port)
    assert "status 3" in server.wait_for("error")["message"]
    server.wait_for("ready")
    assert perform({**ASK, "body": "2"}, server.port)["body"] == "2"
