"""Checking trusses given as text, in this process."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from callables import Check, Files, Report, ResolvingCheck
from truss_cli.check.command import CheckOptions
from truss_cli.check.command import check as check_command
from truss_cli.check.engine import check_truss
from truss_cli.check.output import OutputOptions
from truss_cli.check.registry import static_rules
from truss_cli.check.rule import Rule
from truss_cli.choices import OutputFormat
from truss_cli.diagnostic import Diagnostic

MODEL = "class Model:\n    def predict(self, model_input):\n        return model_input\n"


CONFIG = "model_name: m\n"
REQUIRING = f"{CONFIG}requirements: [qqqq]\n"
"""A config.yaml whose requirement may bring any module that a model imports."""


def write(folder: Path, files: Files, config: str = CONFIG) -> None:
    """Write files as a truss, and a smallest config.yaml and model.py where there are none."""
    supplied = {} if any(name.startswith("config.") for name in files) else {"config.yaml": config}
    if not any(name.endswith(".py") for name in files):
        supplied["model/model.py"] = MODEL
    for name, text in {**supplied, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Write files (relative name to text) as a truss, completed to a working one, and run all rules.

    Those that resolve requirements are left out.
    """

    def run(files: Files) -> Sequence[Diagnostic]:
        shutil.rmtree(tmp_path / "truss", ignore_errors=True)
        write(tmp_path / "truss", files, REQUIRING)
        return check_truss(tmp_path / "truss", static_rules())

    return run


@pytest.fixture
def resolving_check(
    tmp_path: Path, package_index: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> ResolvingCheck:
    """Check as `check` does with one rule, which may resolve requirements, by the packages of the tests."""
    for name, value in package_index.items():
        monkeypatch.setenv(name, value)

    def run(files: Files, rule: Rule) -> Sequence[Diagnostic]:
        shutil.rmtree(tmp_path / "truss", ignore_errors=True)
        write(tmp_path / "truss", files)
        return check_truss(tmp_path / "truss", [rule])

    return run


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Report:
    """Write trusses (folder to files) into the working folder, and give the report on it in a format."""
    monkeypatch.chdir(tmp_path)

    def run(trusses: Mapping[str, Files], output_format: str) -> str:
        for folder, files in trusses.items():
            write(tmp_path / folder, files)
        check_command(CheckOptions((Path(),), output=OutputOptions(OutputFormat(output_format))))
        return capsys.readouterr().out

    return run
