"""Cases measured on the deployed server, release 0.18.35: what it did with a truss, and what follows for us.

`expect` says for `check`: `clean` (no error), `finding` (any), `error` (an error), `any`
(no crash); for `predict`: `ok` (the same body), `fail` (a clear error), `any`.
"""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

Case = Mapping[str, Any]  # Any: JSON

FOLDER = Path(__file__).parent / "cases"


def read_cases(*names: str) -> list[Case]:
    """Return the cases of files in `tests/cases`."""
    return [
        json.loads(line) for name in names for line in (FOLDER / name).read_text("utf-8").splitlines() if line
    ]


def parametrize(*names: str) -> pytest.MarkDecorator:
    """Return the mark that runs a test for each case, which can then be selected by its name."""
    return pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in read_cases(*names)])


def write_case(case: Case, folder: Path) -> Path:
    """Write a case's truss into a folder, and return the folder."""
    for name, text in case["files"].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(text["base64"]) if isinstance(text, dict) else text.encode())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text(json.dumps({"model_name": "m", **case["config"]}))
    return folder
