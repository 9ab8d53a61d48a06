"""Agreement of `check` with what the deployed server did with more than a thousand models.

tests/cases/measured.jsonl was measured by serving each model with release
0.18.35; `expect` says what follows: `clean` no error, `finding` any, `error`
an error, `any` nothing but that there is no crash.
"""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from truss_cli.check.engine import check_truss
from truss_cli.check.selection import Selection

Case = Mapping[str, Any]  # Any: JSON

TESTS = Path(__file__).parents[1]
_AGREES = {
    "any": {"error", "finding", "clean"},
    "finding": {"error", "finding"},
    "clean": {"clean", "finding"},
    "error": {"error"},
}


def _write(case: Case, folder: Path) -> None:
    for name, text in case["files"].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(text["base64"]) if isinstance(text, dict) else text.encode())
    (folder / "config.yaml").write_text(json.dumps({"model_name": "m", **case["config"]}))


@pytest.mark.parametrize("name", ["cases/measured.jsonl", "predict/cases/models.jsonl"])
def test_check_agrees_with_the_deployed_server(name: str, tmp_path: Path) -> None:
    rules = Selection().rules()
    disagreements = []
    for line in (TESTS / name).read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        folder = tmp_path / case["id"]
        folder.mkdir()
        _write(case, folder)
        found = check_truss(folder, rules)
        severities = {str(diagnostic.severity) for diagnostic in found}
        said = "error" if "error" in severities else "finding" if severities else "clean"
        if said not in _AGREES[case["expect"]["check"]]:
            disagreements.append((case["id"], case["expect"]["check"], [d.code for d in found]))
    assert disagreements == []
