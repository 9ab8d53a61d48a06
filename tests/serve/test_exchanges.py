"""Agreement with the deployed server on every exchange that was recorded there."""

import json
from pathlib import Path
from typing import Any

import pytest

from exchange import perform, touched, wait_for
from serving import serving

RECORDED = Path(__file__).with_name("exchanges.jsonl")
TRUSSES = [json.loads(line) for line in RECORDED.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("truss", [pytest.param(truss, id=truss["id"]) for truss in TRUSSES])
def test_answers_as_recorded(truss: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "truss"
    (folder / "model").mkdir(parents=True)
    (folder / "model" / "model.py").write_text(truss["model"], encoding="utf-8")
    (folder / "config.yaml").write_text(json.dumps({"model_name": "m", **truss["config"]}))
    with serving(folder) as server:
        if truss["wait"]:
            server.wait_for("ready")
        else:
            wait_for(server.port, "")
        for exchange in truss["exchanges"]:
            request = exchange["request"]
            list(touched(folder, request))
            assert perform(request, server.port) == exchange["answer"], request


def test_enough_is_recorded() -> None:
    assert sum(len(truss["exchanges"]) for truss in TRUSSES) >= 150
