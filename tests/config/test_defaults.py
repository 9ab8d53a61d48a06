"""The config that `Model.__init__` is given is the one that the build of release 0.18.35 writes out."""

import json
from pathlib import Path

import pytest

from truss_cli.config.defaults import deployed_config
from truss_cli.config.text.document import read_document

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "deployed.jsonl").read_text("utf-8").splitlines()
]
EMPTY = CASES[0]["config"]


def deployed(folder: Path, text: str) -> dict[str, object]:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return deployed_config(read_document(path))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["yaml"][:60])
def test_deployed_config(tmp_path: Path, case: dict[str, object]) -> None:
    wanted = {**EMPTY, **case.get("differs", {})}  # type: ignore[dict-item]  # a case is JSON
    assert deployed(tmp_path, str(case["yaml"])) == wanted


def test_keys_are_in_the_order_of_the_file_that_is_built(tmp_path: Path) -> None:
    config = deployed(tmp_path, "model_name: m\nmodel_metadata: {b: 1, a: 2}\n")
    assert list(config) == sorted(config)
    assert list(config["model_metadata"]) == ["a", "b"]  # type: ignore[call-overload]  # a mapping


def test_what_the_schema_refuses_stays_as_written(tmp_path: Path) -> None:
    config = deployed(tmp_path, "resources: {cpu: 4}\nruntime: null\nrequirements: torch\n")
    assert config["resources"] == {"accelerator": None, "cpu": 4, "memory": "2Gi", "use_gpu": False}
    assert config["runtime"] is None
    assert config["requirements"] == "torch"


def test_a_config_that_cannot_be_read_gives_the_defaults(tmp_path: Path) -> None:
    assert deployed(tmp_path, "a: [") == EMPTY
