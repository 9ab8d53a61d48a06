"""Agreement with the deployed server on every exchange that was recorded there."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from serve.exchange import perform, touch, wait_until_asked
from serve.serving import serving

RECORDED = Path(__file__).with_name("exchanges.jsonl")
TRUSSES = [json.loads(line) for line in RECORDED.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("truss", [pytest.param(truss, id=truss["id"]) for truss in TRUSSES])
def test_answers_as_recorded(truss: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "truss"
    (folder / "model").mkdir(parents=True)
    (folder / "model" / "model.py").write_text(truss["model"], encoding="utf-8")
    (folder / "config.yaml").write_text(json.dumps({"model_name": "m", **truss["config"]}))
    with serving(folder, "--in-place") as server:
        if truss["ready"]:
            server.wait_for("ready")
        wait_until_asked(truss["ready"] and "/ping", server.port, folder)
        for exchange in truss["exchanges"]:
            request = exchange["request"]
            touch(folder, request)
            if "origin" in request.get("headers", {}) and request["method"] == "POST":
                # Unlike a deployment, this machine is reached by every web page that it shows.
                assert perform(request, server.port)["status"] == 403
                del request["headers"]["origin"]
            assert perform(request, server.port) == _by_this_numpy(exchange["answer"]), request


def _by_this_numpy(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with NumPy's boolean named as NumPy 2 does; the server had NumPy 1."""
    text = json.dumps(answer)
    return json.loads(text.replace("type bool_ ", f"type {np.bool_.__name__} "))  # type: ignore[no-any-return]  # JSON


def test_enough_is_recorded() -> None:
    assert sum(len(truss["exchanges"]) for truss in TRUSSES) >= 150
