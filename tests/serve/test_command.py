"""The command: how it starts, what it says, how it ends."""

import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from callables import Run, WriteModel
from serve.exchange import perform
from serve.serving import TRUSS, Serving
from waiting import SECONDS, wait_until

if TYPE_CHECKING:
    from pathlib import Path

Serve = Callable[..., Serving]
ECHO = "class Model:\n    def predict(self, model_input):\n        return model_input\n"
ASK = {"method": "POST", "path": "/v1/models/model:predict", "body": "1"}
SLOW = "import os, time\n" + ECHO.replace(
    "        return",
    "        open('began', 'w').close()\n"
    "        while not os.path.exists('go'): time.sleep(0.01)\n"
    "        return",
)


def test_the_address_and_the_routes_with_a_curl_line_each(write_model: WriteModel) -> None:
    source = ECHO + "    def chat_completions(self, body): return body\n"
    config = "model_metadata:\n  example_model_input: {text: it's}\n"
    folder = write_model(source, config=config)
    command: list[str | Path] = [TRUSS, "serve", folder, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(7)]
        url = lines[0].split()[2]
        curl = lines[4].strip()
        answer = subprocess.run(
            ["/bin/bash", "-c", curl.replace("curl", "curl -s")], capture_output=True, text=True, check=True
        )
        logged = process.stdout.readline() + process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 130
    assert url.startswith("http://127.0.0.1:")
    assert lines[1].startswith("The model is ready after ")
    assert lines[3] == "  POST /v1/models/model:predict\n"
    assert curl == f"""curl {url}/v1/models/model:predict -d '{{"text": "it'"'"'s"}}'"""
    assert lines[5] == "  POST /v1/chat/completions\n"
    assert answer.stdout == '{"text": "it\'s"}'
    assert " POST /v1/models/model:predict 200 " in logged


def test_a_model_that_does_not_load_ends_the_command(run: Run, write_model: WriteModel) -> None:
    done = run("serve", write_model("1 / 0\n"), "--port", "0")
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert "truss_cli" not in done.stderr


def test_loading_has_a_deadline(run: Run, write_model: WriteModel) -> None:
    source = ECHO + "    def load(self):\n        import time\n        time.sleep(60)\n"
    done = run("serve", write_model(source), "--port", "0", "--load-timeout", "0.3")
    assert done.returncode == 124
    assert "`load` took longer than 0.3 s" in done.stderr
    assert "time.sleep(60)" in done.stderr


def test_a_port_in_use_is_named(run: Run, write_model: WriteModel) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run("serve", write_model(ECHO), "--port", port)
    assert done.returncode == 2
    assert f"port {port} is in use" in done.stderr


@pytest.mark.parametrize("host", ["no.such.host.invalid", "300.1.1.1"])
def test_a_host_that_is_none_is_named(run: Run, write_model: WriteModel, host: str) -> None:
    done = run("serve", write_model(ECHO), "--port", "0", "--host", host)
    assert done.returncode == 2
    assert host in done.stderr


def test_without_the_extra_one_line_says_what_to_install(run: Run, write_model: WriteModel) -> None:
    old = {f"../old/{name}-0.1.dist-info/METADATA": "Version: 0.1\n" for name in ("uvicorn", "httptools")}
    folder = write_model(ECHO, files=old)
    done = run("serve", folder, env={"PYTHONPATH": str(folder.parent / "old")})
    assert done.returncode == 2
    assert "error: `truss serve` needs httptools>=0.6, uvicorn>=0.29\n" in done.stderr
    assert " -m pip install 'httptools>=0.6' 'uvicorn>=0.29'`.\n" in done.stderr


def test_only_this_machine_is_served_unless_asked_and_announced(
    serve: Serve, write_model: WriteModel
) -> None:
    folder = write_model(ECHO)
    server = serve(folder)
    server.wait_for("ready")
    listening = subprocess.run(
        ["/bin/cat", "/proc/net/tcp"], capture_output=True, text=True, check=True
    ).stdout
    assert f"0100007F:{server.port:04X} 00000000:0000" in listening
    assert server.local
    assert not serve(folder, "--host", "0.0.0.0").local  # noqa: S104 - the point of the test


def test_a_request_under_way_is_answered_before_the_end(serve: Serve, write_model: WriteModel) -> None:
    folder = write_model(SLOW)
    server = serve(folder, "--in-place")
    server.wait_for("ready")
    answers: list[object] = []
    client = threading.Thread(
        target=lambda: answers.append(perform({**ASK, "body": "1"}, server.port)["body"])
    )
    client.start()
    wait_until((folder / "began").exists)
    server.process.send_signal(signal.SIGTERM)
    server.wait_for("note")  # it waits for the request
    (folder / "go").touch()
    assert server.process.wait(SECONDS) == -signal.SIGTERM
    client.join()
    assert answers == ["1"]


def test_ctrl_c_again_ends_at_once(serve: Serve, write_model: WriteModel) -> None:
    folder = write_model(SLOW)
    server = serve(folder, "--in-place")
    server.wait_for("ready")

    def ask() -> None:
        with pytest.raises(OSError, match=r"."):
            perform({**ASK, "body": "1"}, server.port)

    client = threading.Thread(target=ask)
    client.start()
    wait_until((folder / "began").exists)
    server.process.send_signal(signal.SIGINT)
    server.wait_for("note")
    assert server.stop() == 130
    client.join()


def test_ctrl_c_ends_a_model_that_is_loading(serve: Serve, write_model: WriteModel) -> None:
    source = """
        import time
        class Model:
            def load(self):
                open("loading", "w").close()
                time.sleep(60)
            def predict(self, i): return i
    """
    folder = write_model(source)
    server = serve(folder, "--in-place", "--shutdown-timeout", "0.5")
    wait_until((folder / "loading").exists)
    assert server.stop() == 130


def test_what_the_model_started_ends_with_it(serve: Serve, write_model: WriteModel) -> None:
    source = """
        import subprocess
        class Model:
            def load(self): self.child = subprocess.Popen(["sleep", "600"])
            def predict(self, i): return self.child.pid
    """
    server = serve(write_model(source))
    server.wait_for("ready")
    child = int(perform(ASK, server.port)["body"])
    server.stop()
    with pytest.raises(OSError, match=r"No such file"):
        open(f"/proc/{child}/stat").close()  # noqa: PTH123 - it is not there


def test_a_worker_that_dies_ends_the_command(serve: Serve, write_model: WriteModel) -> None:
    source = """
        import os
        class Model:
            async def chat_completions(self, body): os.abort()
            def predict(self, i):
                yield "waiting"
                while not os.path.exists("never"): pass
    """
    server = serve(write_model(source))
    server.wait_for("ready")
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as connection:
        connection.sendall(
            f"POST {ASK['path']} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\n\r\n1".encode()
        )
        assert connection.recv(1 << 16)
        with pytest.raises(OSError, match=r"."):
            perform({**ASK, "path": "/v1/chat/completions"}, server.port)
    assert server.process.wait(SECONDS) == 1
    assert "error: the model's process was killed by SIGABRT while serving\n" in server.stderr
    first, second = server.stderr.partition("Requests in progress:\n")[2].splitlines()[:2]
    assert first.startswith("  the stream for POST /v1/models/model:predict, for ")
    assert second.startswith("  `chat_completions` for POST /v1/chat/completions, for ")
