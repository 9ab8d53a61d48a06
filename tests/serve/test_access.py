"""Requests of foreign hosts and web pages are refused, and the message names the option that allows them."""

import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from callables import Run, WriteModel
from serve.serving import TRUSS, Serving, serving
from waiting import SECONDS

ECHO = "class Model:\n    def predict(self, model_input):\n        return model_input\n"
SOCKET = """
class Model:
    async def websocket(self, websocket):
        async for text in websocket.iter_text():
            await websocket.send_text(text)
"""
PREDICT = "/v1/models/model:predict"
PAGE = "http://page.example:3000"


class Response(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: str


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Serving]]:
    """Return a server for a model and options; those with the same are shared by the module."""
    servers: dict[tuple[str, ...], Serving] = {}
    with ExitStack() as stack:

        def start_server(source: str, *arguments: str) -> Serving:
            if (source, *arguments) not in servers:
                folder = tmp_path_factory.mktemp("access") / "truss"
                (folder / "model").mkdir(parents=True)
                (folder / "config.yaml").write_text("model_name: m\n")
                (folder / "model/model.py").write_text(source)
                server = stack.enter_context(serving(folder, *arguments))
                server.wait_for("ready")
                servers[source, *arguments] = server
            return servers[source, *arguments]

        yield start_server


@pytest.fixture(scope="module")
def server(start: Callable[..., Serving]) -> Serving:
    return start(ECHO)


@pytest.fixture(scope="module")
def permissive(start: Callable[..., Serving]) -> Serving:
    return start(
        ECHO, "--allow-host", "Model.Example", "--allow-host", "bücher.example", "--allow-origin", PAGE
    )


def ask(
    server: Serving, host: str | None, method: str = "POST", path: str = PREDICT, **headers: str
) -> Response:
    """Send a request as it is written, over a socket; `PORT` stands for the port of the server."""
    lines = [f"{method} {path} HTTP/1.1" if host is not None else f"{method} {path} HTTP/1.0"]
    lines += [f"host: {host}"] * (host is not None)
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    body = "1" if method == "POST" else ""
    head = "\r\n".join([*lines, f"content-length: {len(body)}", "connection: close", "", body])
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as connection:
        connection.sendall(head.replace("PORT", str(server.port)).encode())
        answer = connection.makefile("rb").read().decode()
    first, _, remainder = answer.partition("\r\n")
    fields, _, content = remainder.partition("\r\n\r\n")
    pairs = [line.partition(": ")[::2] for line in fields.splitlines()]
    return Response(int(first.split()[1]), {name.lower(): value for name, value in pairs}, content)


@pytest.mark.parametrize(
    "host",
    [
        None,  # HTTP/1.0
        "",
        "localhost",
        "LocalHost:PORT",
        "localhost.:9999",
        "model.localhost",
        "127.0.0.1:PORT",
        "127.1:PORT",
        "192.168.0.7",
        "0.0.0.0",  # noqa: S104 - a header
        "[::1]:PORT",
        "[0:0::1]",
        "[fe80::1%eth0]",
    ],
)
def test_hosts_that_no_name_server_can_point_here_are_served(server: Serving, host: str | None) -> None:
    assert ask(server, host).status == 200
    assert ask(server, host, "GET", "/").body == "true"


@pytest.mark.parametrize(
    "host",
    [
        "page.example",
        "page.example:PORT",
        "localhost.page.example",
        "127.0.0.1.page.example",
        "127.0.0.1@page.example",
        "localhost page.example",
        "[::1].page.example",
        "[::g]",
        "xlocalhost",
        "a" * 300,
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/metrics/"), ("POST", PREDICT)])
def test_other_hosts_are_refused(server: Serving, host: str, method: str, path: str) -> None:
    response = ask(server, host, method, path, accept="text/html")
    assert response.status == 403
    assert "access-control-allow-origin" not in response.headers


def test_one_allowed_host_of_two_does_not_suffice(server: Serving) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as connection:
        connection.sendall(
            b"GET / HTTP/1.1\r\nhost: localhost\r\nhost: page.example\r\nconnection: close\r\n\r\n"
        )
        assert connection.makefile("rb").read().startswith((b"HTTP/1.1 403", b"HTTP/1.1 400"))


@pytest.mark.parametrize("host", ["model.example", "MODEL.example.:80", "xn--bcher-kva.example"])
def test_a_host_can_be_allowed(permissive: Serving, host: str) -> None:
    assert ask(permissive, host).status == 200
    assert ask(permissive, "page.example").status == 403


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:PORT", "http://localhost:PORT"),
        ("LOCALHOST.:PORT", "http://localhost:PORT"),
        ("[::1]:PORT", "http://[::1]:PORT"),
        ("localhost:9000", "http://localhost:9000"),  # a forwarded port
        ("127.0.0.1", "http://127.0.0.1"),
        ("127.0.0.1", "https://127.0.0.1:443"),  # a proxy that ends TLS
        ("127.0.0.1:443", "https://127.0.0.1"),
    ],
)
def test_the_page_of_the_server_is_served(server: Serving, host: str, origin: str) -> None:
    assert ask(server, host, origin=origin).status == 200


@pytest.mark.parametrize(
    ("host", "origin", "option"),
    [
        ("localhost:PORT", PAGE, f"--allow-origin {PAGE}"),
        ("localhost:PORT", "null", "--allow-origin null"),  # a page of file://
        ("localhost:PORT", "http://localhost:9000", "--allow-origin http://localhost:9000"),
        ("localhost:PORT", "http://127.0.0.1:PORT", "--allow-origin http://127.0.0.1:PORT"),
        ("localhost", "https://localhost:80", "--allow-origin https://localhost:80"),
        # Port forwarding that rewrites `Host`, but not `Origin`.
        (
            "localhost:PORT",
            "https://Abc-8080.tunnel.example",
            "--allow-origin https://abc-8080.tunnel.example",
        ),
        ("localhost:PORT", "vscode-webview://1a2b", "--allow-origin vscode-webview://1a2b"),
        ("localhost:PORT", "http://a;$(touch).example", "--allow-origin 'http://a;$(touch).example'"),
        ("localhost:PORT", "nonsense", "--allow-origin '*'"),
        (None, "https://other.example", "--allow-origin https://other.example"),
    ],
)
def test_pages_of_other_origins_are_refused(
    server: Serving, host: str | None, origin: str, option: str
) -> None:
    response = ask(server, host, origin=origin, content_type="text/plain")
    assert response.status == 403
    assert "access-control-allow-origin" not in response.headers
    option = option.replace("PORT", str(server.port))
    server.wait_for("note", help=f"If you trust it, add `{option}` to the command.")


def test_other_pages_may_ask_whether_the_server_lives_but_not_read_it(server: Serving) -> None:
    response = ask(server, "localhost", "GET", "/", origin="https://reader.example")
    assert response.status == 200
    assert "access-control-allow-origin" not in response.headers


def test_a_preflight_of_a_page_that_is_not_allowed_is_explained(server: Serving) -> None:
    response = ask(
        server, "localhost", "OPTIONS", origin="https://asks.example", access_control_request_method="POST"
    )
    assert response.status == 405  # as deployed
    assert "access-control-allow-origin" not in response.headers
    server.wait_for("note", help="If you trust it, add `--allow-origin https://asks.example` to the command.")


def test_an_allowed_page_may_call_and_read(permissive: Serving) -> None:
    preflight = ask(
        permissive,
        "localhost:PORT",
        "OPTIONS",
        origin=PAGE,
        access_control_request_method="POST",
        access_control_request_headers="content-type,x-mine",
    )
    assert preflight.status == 204
    assert preflight.headers["access-control-allow-origin"] == PAGE
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["access-control-allow-headers"] == "content-type,x-mine"
    response = ask(permissive, "localhost:PORT", origin=PAGE)
    assert (response.status, response.body) == (200, "1")
    assert response.headers["access-control-allow-origin"] == PAGE
    assert response.headers["vary"] == "Origin"
    not_found = ask(permissive, "localhost:PORT", path="/v1/completions", origin=PAGE)
    assert (not_found.status, not_found.headers["access-control-allow-origin"]) == (404, PAGE)
    assert ask(permissive, "localhost:PORT", origin="http://page.example").status == 403
    assert "access-control-allow-origin" not in ask(permissive, "localhost:PORT").headers


def test_every_origin_can_be_allowed_and_other_machines_use_any_name(start: Callable[..., Serving]) -> None:
    source = """
from starlette.responses import Response
class Model:
    def predict(self, model_input):
        return Response("model", headers={"access-control-allow-origin": "https://a.example"})
"""
    server = start(source, "--host", "0.0.0.0", "--allow-origin", "*", "--allow-origin", "null")  # noqa: S104 - the point of the test
    assert ask(server, "my_container:8080").status == 200  # from another container
    assert ask(server, "model.internal.example").status == 200
    for origin in ("null", "https://any.example"):
        response = ask(server, "localhost", origin=origin)
        assert (response.status, response.headers["access-control-allow-origin"]) == (200, "*")
    redirect = ask(server, 'a"><script>', "GET", "/metrics")
    assert redirect.headers["location"] == "http://a%22%3E%3Cscript%3E/metrics/"


def test_hosts_are_checked_on_other_addresses_once_one_is_allowed(start: Callable[..., Serving]) -> None:
    server = start(ECHO, "--host", "0.0.0.0", "--allow-host", "box.example", "--allow-origin", "null")  # noqa: S104 - as above
    statuses = [ask(server, host).status for host in ("box.example:1", "127.0.0.1", "other.example")]
    assert statuses == [200, 200, 403]
    response = ask(server, "box.example", origin="null")
    assert (response.status, response.headers["access-control-allow-origin"]) == (200, "null")


def test_a_websocket_is_refused_to_other_pages_and_hosts(start: Callable[..., Serving]) -> None:
    server = start(SOCKET, "--allow-origin", "null")
    url = f"ws://127.0.0.1:{server.port}/v1/websocket"
    for origin in (None, "null", f"http://127.0.0.1:{server.port}"):
        with connect(url, origin=Origin(origin) if origin else None) as socket_:
            socket_.send("hello")
            assert socket_.recv(timeout=SECONDS) == "hello"
    with pytest.raises(InvalidStatus, match="403"), connect(url, origin=Origin(PAGE)):
        pass
    server.wait_for("note", help=f"If you trust it, add `--allow-origin {PAGE}` to the command.")
    upgrade = {
        "upgrade": "websocket",
        "sec_websocket_key": "MDEyMzQ1Njc4OWFiY2RlZg==",
        "sec_websocket_version": "13",
    }
    assert ask(server, "page.example", "GET", "/v1/websocket", **upgrade).status == 403


def test_the_log_as_text_names_the_option_once(write_model: WriteModel, tmp_path: Path) -> None:
    with (
        (tmp_path / "err").open("w+") as errors,
        subprocess.Popen(
            [TRUSS, "serve", write_model(ECHO), "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdout
        port = int(process.stdout.readline().split()[2].rpartition(":")[2])
        for _ in range(2):
            with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
                connection.sendall(
                    b"GET / HTTP/1.1\r\nhost: evil\x1b[31m.example\r\nconnection: close\r\n\r\n"
                )
                connection.makefile().read()
            with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
                connection.sendall(b"GET / HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n")
                assert connection.makefile().read().startswith("HTTP/1.1 403")
        process.terminate()
        process.wait(SECONDS)
        errors.seek(0)
        text = errors.read()
    assert text.count("note: refused a request for the host evil.example\n") == 1
    assert text.count("help: If you trust it, add `--allow-host evil.example` to the command.\n") == 1
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("--allow-host", "http://a.example", "--allow-host model.example"),
        ("--allow-host", "a.example:80", "--allow-host model.example"),
        ("--allow-host", "*", "--allow-host model.example"),
        ("--allow-origin", "a.example", "--allow-origin http://localhost:3000"),
        ("--allow-origin", "http://*.example", "--allow-origin http://localhost:3000"),
        ("--allow-origin", "http://a.example/path", "--allow-origin http://localhost:3000"),
    ],
)
def test_a_malformed_option_is_explained(
    run: Run, write_model: WriteModel, option: str, value: str, hint: str
) -> None:
    process = run("serve", write_model(ECHO), "--port", "0", option, value)
    assert process.returncode == 2
    assert f"error: `{option} {value}` is not" in process.stderr
    assert hint in process.stderr
