"""Web pages of other origins neither call nor read the model, in a real browser, unless they are allowed."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page

from callables import WriteModel
from serve.serving import Serving, serving

MODEL = """
    class Model:
        def __init__(self): self.calls = 0
        def predict(self, model_input):
            self.calls += 1
            return self.calls
"""
SOCKET = """
    class Model:
        async def websocket(self, websocket):
            async for text in websocket.iter_text():
                await websocket.send_text(f"got {text}")
"""
POST = """async ([url, headers]) => {
    try {
        const response = await fetch(url, {method: "POST", body: "1", headers});
        return `${response.status} ${await response.text()}`;
    } catch (error) { return "blocked"; }
}"""
BLIND_POST = (
    """async url => { await fetch(url, {method: "POST", body: "1", mode: "no-cors"}).catch(() => 0); }"""
)
CONVERSE = """url => new Promise(resolve => {
    const socket = new WebSocket(url);
    socket.onopen = () => socket.send("hello");
    socket.onmessage = event => resolve(event.data);
    socket.onerror = () => resolve("refused");
})"""
JSON = {"content-type": "application/json"}


class _EmptyPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>another page</title>")

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def other_port() -> Iterator[int]:
    """Serve an empty page on another port, which makes it another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _EmptyPage) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def _predict_url(server: Serving, host: str = "127.0.0.1") -> str:
    return f"http://{host}:{server.port}/v1/models/model:predict"


def test_a_page_of_another_origin(page: Page, write_model: WriteModel, other_port: int) -> None:
    folder, other_origin = write_model(MODEL), f"http://127.0.0.1:{other_port}"
    with serving(folder) as server:
        server.wait_for("ready")
        page.goto(f"{other_origin}/")
        page.evaluate(BLIND_POST, _predict_url(server))
        assert page.evaluate(POST, [_predict_url(server), {}]) == "blocked"
        assert page.evaluate(POST, [_predict_url(server), JSON]) == "blocked"
        server.wait_for("note", help=f"If you trust it, add `--allow-origin {other_origin}` to the command.")
        page.goto(f"http://127.0.0.1:{server.port}/")
        assert page.evaluate(POST, [_predict_url(server), JSON]) == "200 1"  # the first call of the model
    with serving(folder, "--allow-origin", other_origin) as server:
        server.wait_for("ready")
        page.goto(f"{other_origin}/")
        assert page.evaluate(POST, [_predict_url(server), JSON]) == "200 1"


def test_a_name_that_is_rebound_to_this_machine(page: Page, write_model: WriteModel) -> None:
    name = "attack.rebound.example"
    with serving(write_model(MODEL), "--allow-host", "mine.rebound.example") as server:
        server.wait_for("ready")
        page.goto(f"http://{name}:{server.port}/")
        assert page.evaluate(POST, [_predict_url(server, name), {}]).startswith("403 ")
        server.wait_for("note", help=f"If you trust it, add `--allow-host {name}` to the command.")
        page.goto(f"http://mine.rebound.example:{server.port}/")
        assert page.evaluate(POST, [_predict_url(server, "mine.rebound.example"), {}]) == "200 1"


def test_a_page_from_a_file(page: Page, write_model: WriteModel, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<!doctype html><title>a file</title>")
    folder = write_model(MODEL)
    with serving(folder) as server:
        server.wait_for("ready")
        page.goto(file.as_uri())
        assert page.evaluate(POST, [_predict_url(server), {}]) == "blocked"
        server.wait_for("note", help="If you trust it, add `--allow-origin null` to the command.")
    with serving(folder, "--allow-origin", "null") as server:
        server.wait_for("ready")
        assert page.evaluate(POST, [_predict_url(server), JSON]) == "200 1"


def test_a_websocket(page: Page, write_model: WriteModel, other_port: int) -> None:
    folder, other_origin = write_model(SOCKET), f"http://127.0.0.1:{other_port}"
    with serving(folder) as server:
        server.wait_for("ready")
        url = f"ws://127.0.0.1:{server.port}/v1/websocket"
        page.goto(f"{other_origin}/")
        assert page.evaluate(CONVERSE, url) == "refused"
        server.wait_for("note", help=f"If you trust it, add `--allow-origin {other_origin}` to the command.")
        page.goto(f"http://127.0.0.1:{server.port}/")
        assert page.evaluate(CONVERSE, f"ws://127.0.0.1:{server.port}/v1/websocket") == "got hello"
    with serving(folder, "--allow-origin", other_origin) as server:
        server.wait_for("ready")
        page.goto(f"{other_origin}/")
        assert page.evaluate(CONVERSE, f"ws://127.0.0.1:{server.port}/v1/websocket") == "got hello"
