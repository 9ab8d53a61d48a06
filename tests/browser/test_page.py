"""The page at `/`, in a real browser; run by `make test-browser`, which needs Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from callables import WriteModel
from serve.serving import Serving, serving

SOURCE = """
    import os, time

    class Model:
        def load(self):
            while not os.path.exists("go"): time.sleep(0.05)

        def predict(self, model_input):
            if model_input == "raise": raise ValueError("broken")
            if model_input == "stream": return self.chunks()
            return {"got": model_input}

        def chunks(self):
            for number in range(3):
                while not os.path.exists(f"chunk{number}"): time.sleep(0.02)
                yield f"part {number}; "

        def completions(self, body):
            return [body["prompt"]]
"""
CONFIG = "model_name: '</script><b>M'\nmodel_metadata:\n  example_model_input: {text: \"</script>it's\"}\n"
SOCKET_SOURCE = """
    class Model:
        async def websocket(self, websocket):
            async for text in websocket.iter_text():
                await websocket.send_text(f"got {text}")
"""


@pytest.fixture
def server(write_model: WriteModel) -> Iterator[Serving]:
    with serving(write_model(SOURCE, config=CONFIG)) as server:
        yield server


def _open(page: Page, server: Serving) -> list[str]:
    """Open the page, and give what the browser complains of from now on."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"http://127.0.0.1:{server.port}/")
    return complaints


def test_a_model_is_called_once_it_is_ready(page: Page, server: Serving, tmp_path: Path) -> None:
    folder = tmp_path / "truss"
    complaints = _open(page, server)
    expect(page.locator("h1")).to_have_text("</script><b>M")
    expect(page.locator("#ready")).to_have_text("not ready")
    (folder / "go").touch()
    expect(page.locator("#ready")).to_have_text("ready", timeout=10_000)
    expect(page.locator("#input")).to_have_value('{\n  "text": "</script>it\'s"\n}')
    page.click("#send")
    expect(page.locator("#answer")).to_have_text('{\n  "got": {\n    "text": "</script>it\'s"\n  }\n}')
    expect(page.locator("#facts")).to_contain_text("200")
    page.screenshot(path=tmp_path / "page.png")
    page.click("#copy")
    curl = f"curl http://127.0.0.1:{server.port}/v1/models/model:predict -d "
    assert page.evaluate("navigator.clipboard.readText()") == curl + """'{"text":"</script>it'"'"'s"}'"""
    assert complaints == []


def test_errors_streams_and_other_routes(page: Page, server: Serving, tmp_path: Path) -> None:
    folder = tmp_path / "truss"
    (folder / "go").touch()
    server.wait_for("ready")
    complaints = _open(page, server)
    page.fill("#input", '"raise"')
    page.press("#input", "Control+Enter")
    expect(page.locator("#facts")).to_contain_text("500")
    page.fill("#input", '"stream"')
    page.click("#send")
    expect(page.locator("#stop")).to_be_enabled()
    (folder / "chunk0").touch()
    expect(page.locator("#answer")).to_have_text("part 0; ")
    (folder / "chunk1").touch()
    expect(page.locator("#answer")).to_have_text("part 0; part 1; ")
    page.click("#stop")
    expect(page.locator("#facts")).to_contain_text("stopped")
    (folder / "chunk2").touch()
    page.fill("#input", "{")
    expect(page.locator("#problem")).to_have_text("This is not JSON")
    page.select_option("#route", "/v1/completions")
    page.click("#send")
    expect(page.locator("#answer")).to_have_text('[\n  "Hello"\n]')
    assert complaints == []


def test_a_websocket(page: Page, write_model: WriteModel) -> None:
    with serving(write_model(SOCKET_SOURCE)) as server:
        server.wait_for("ready")
        complaints = _open(page, server)
        page.fill("#input", "one")
        page.click("#send")
        expect(page.locator("#answer")).to_have_text("> one\n< got one\n")
        page.fill("#input", "two")
        page.click("#send")
        expect(page.locator("#answer")).to_contain_text("< got two")
        page.click("#stop")
        expect(page.locator("#facts")).to_contain_text("closed")
        assert complaints == []
