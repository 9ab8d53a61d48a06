"""Hostile requests are answered or refused, and the server serves on."""

import http.client
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import msgpack  # type: ignore[import-untyped]  # it has no stubs
import pytest

from serve.exchange import Exchange, perform, text_or_base64
from serve.serving import TRUSS, Serving, serving
from waiting import SECONDS

Serve = Callable[..., Serving]
ECHO = "class Model:\n    def predict(self, model_input):\n        return model_input\n"
PATH = "/v1/models/model:predict"
ASK: Exchange = {"method": "POST", "path": PATH, "body": "1"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("safety") / "truss"
    (folder / "model").mkdir(parents=True)
    (folder / "config.yaml").write_text("model_name: m\n")
    (folder / "model/model.py").write_text(ECHO)
    with serving(folder, "--max-body", "1000") as started:
        started.wait_for("ready")
        yield started


def _raw(server: Serving, data: bytes, patience: float = 1) -> bytes:
    """Send bytes unchanged, and return the response up to its end, or until the server is silent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=patience) as connection:
        answer = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while block := connection.recv(1 << 16):
                answer += block
        except OSError:
            pass
        return answer


_GET, _POST = (verb + b" / HTTP/1.1\r\nhost: localhost\r\n" for verb in (b"GET", b"POST"))
HOSTILE = {
    "not http": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
    "no method": b"FOO / HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "newlines": b"\r\n" * 1000,
    "space before colon": b"GET / HTTP/1.1\r\nhost : x\r\n\r\n",
    "negative length": _POST + b"content-length: -5\r\n\r\n",
    "two lengths": _POST + b"content-length: 5\r\ncontent-length: 6\r\n\r\nhello",
    "length and chunks": _POST + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "endless length": _POST + b"content-length: " + b"9" * 40 + b"\r\n\r\n",
    "bad chunk": _POST + b"transfer-encoding: chunked\r\n\r\nzz\r\n",
    "control characters": _GET + b"x-mine: a\x00b\r\n\r\n",
    "folded header": _GET + b"x-mine: a\r\n b\r\n\r\n",
    "long path": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "long header": _GET + b"x-mine: " + b"a" * 200_000,
    "many headers": b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 30_000,
    "half a request": _POST + b"content-length: 100\r\n\r\nhalf",
    "strange bytes": b"GET /\xff\xfe%00%ff%0d%0aset-cookie:x HTTP/1.1\r\nhost: \xff\r\naccept: \xff\r\n\r\n",
    "escape sequences": b"GET /\x1b[31m%1b[31m HTTP/1.1\r\nhost: 0\r\nx-baseten-request-id: \x1b[31m\r\n\r\n",
    "upgrade to nothing": _GET + b"connection: upgrade\r\nupgrade: h2c\r\n\r\n",
    "half a websocket": b"GET /v1/websocket HTTP/1.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_refused_or_answered(server: Serving, name: str) -> None:
    answer = _raw(server, HOSTILE[name])
    assert not answer or answer.startswith((b"HTTP/1.1 2", b"HTTP/1.1 4", b"HTTP/1.1 3"))
    assert b"Traceback" not in answer
    assert perform(ASK, server.port)["body"] == "1"


def test_nothing_hostile_has_been_a_fault_of_the_tools_own(server: Serving) -> None:
    for data in HOSTILE.values():
        _raw(server, data)
    assert "fault of truss" not in server.stderr
    assert "Traceback" not in server.stderr


def test_a_head_without_end_is_refused(server: Serving) -> None:
    answer = _raw(server, b"GET / HTTP/1.1\r\nx: " + b"a" * 64 * 1024, patience=SECONDS)
    assert answer.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("size", [1000, 1001])
def test_a_body_has_a_limit(server: Serving, size: int) -> None:
    body = '"' + "a" * (size - 2) + '"'
    whole = perform({**ASK, "body": body}, server.port)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
    connection.request("POST", PATH, iter([body[:600].encode(), body[600:].encode()]), encode_chunked=True)
    chunked = connection.getresponse().status
    connection.close()
    assert (whole["status"], chunked) == ((200, 200) if size <= 1000 else (413, 413))
    if size > 1000:
        assert "--max-body" in whole["body"]


@pytest.mark.parametrize("body", ["[" * 900, "1" * 900, '{"a":' * 150, '"\\ud800"'])
def test_hostile_json_is_answered(server: Serving, body: str) -> None:
    assert perform({**ASK, "body": body}, server.port)["status"] in (200, 400, 500)
    assert perform(ASK, server.port)["body"] == "1"


def test_an_array_of_pointers_is_refused(server: Serving) -> None:
    array = {b"nd": True, b"type": "O", b"kind": b"", b"shape": [1], b"data": b"\x01" * 8}
    body = text_or_base64(msgpack.packb(array))
    headers = {"content-type": "application/octet-stream"}
    assert perform({**ASK, "headers": headers, "body": body}, server.port)["status"] == 400
    assert perform(ASK, server.port)["body"] == "1"


def test_a_browser_gets_the_page_and_others_do_not(server: Serving) -> None:
    page = perform({"method": "GET", "path": "/", "headers": {"accept": "text/html,*/*"}}, server.port)
    assert page["headers"]["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page["headers"]["content-security-policy"]
    assert page["body"].startswith("<!doctype html>")
    assert "http://" not in page["body"].replace("http://127.0.0.1", "")
    assert perform({"method": "GET", "path": "/"}, server.port)["body"] == "true"


def test_a_log_that_nobody_reads_does_not_hold_the_server_up(tmp_path: Path) -> None:
    folder = tmp_path / "truss"
    (folder / "model").mkdir(parents=True)
    (folder / "config.yaml").write_text("model_name: m\n")
    (folder / "model/model.py").write_text(ECHO)
    command: list[str | Path] = [TRUSS, "serve", folder, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        port = int(process.stdout.readline().split()[2].rpartition(":")[2])
        process.stdout.readline()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        for _ in range(2500):
            connection.request("POST", PATH, "1")
            assert connection.getresponse().read() == b"1"
        connection.close()
        process.kill()
