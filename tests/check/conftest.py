"""Checking a truss in this process, without its report."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from truss_cli.check.diagnostic import Diagnostic
from truss_cli.check.engine import check_truss
from truss_cli.check.registry import all_rules

MODEL = "class Model:\n    def predict(self, model_input):\n        return model_input\n"

Check = Callable[[Mapping[str, str]], Sequence[Diagnostic]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Write files (relative name to text) as a truss, completed to a working one, and run all rules."""

    def run(files: Mapping[str, str]) -> Sequence[Diagnostic]:
        folder = tmp_path / "truss"
        supplied = (
            {} if any(name.startswith("config.") for name in files) else {"config.yaml": "model_name: m\n"}
        )
        if not any(name.endswith(".py") for name in files):
            supplied["model/model.py"] = MODEL
        for name, text in {**supplied, **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return check_truss(folder, all_rules())

    return run
