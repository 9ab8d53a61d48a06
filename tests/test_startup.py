"""What the process imports before it has an answer: start-up is a feature."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from callables import Predict, WriteTruss
from truss_cli.app import COMMANDS
from waiting import SECONDS

PROGRAM = """\
import atexit, json, sys

before = set(sys.modules)


def report():
    new = set(sys.modules) - before
    files = {name: getattr(sys.modules[name], "__file__", None) for name in new}
    sys.stderr.write(json.dumps({name: file for name, file in files.items() if file}))


atexit.register(report)
from truss_cli.__main__ import main
main()
"""
FROM_TYPER = {"annotated_doc", "click", "shellingham", "typer", "typing_extensions"}
FROM_PYDANTIC = {"annotated_types", "pydantic", "pydantic_core", "typing_extensions", "typing_inspection"}
SLOW = {
    "asyncio",
    "concurrent",
    "jinja2",
    "multiprocessing",
    "numpy",
    "packaging",
    "rich",
    "starlette",
    "unittest",
}
MODEL = "class Model:\n    def predict(self, model_input):\n        return model_input\n"


def _modules(*arguments: str | Path) -> dict[str, Path]:
    """Run `truss` and give the modules that it imported, with their files."""
    command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS)
    assert done.stdout
    return {name: Path(file) for name, file in json.loads(done.stderr).items()}


def _installed(modules: dict[str, Path]) -> set[str]:
    """Return the packages among modules that are neither ours nor Python's."""
    found = {name.partition(".")[0] for name, file in modules.items() if "site-packages" in file.parts}
    return found - {"truss_cli"}


@pytest.fixture
def checked(write_truss: WriteTruss) -> dict[str, Path]:
    return _modules("check", write_truss({"config.yaml": "model_name: m\n", "model/model.py": MODEL}))


def test_help_imports_the_command_line_alone() -> None:
    modules = _modules("--help")
    own = {name for name in modules if name.startswith("truss_cli")}
    names = (
        "__main__",
        "app",
        "choices",
        "commands",
        "commands.completion",
        "commands.options",
        "errors",
        "garbage",
        "interrupts",
        "quantities",
    )
    commands = (f"commands.{name}" for name in COMMANDS)
    assert own == {"truss_cli", *(f"truss_cli.{name}" for name in (*names, *commands))}
    assert not (SLOW - {"rich"}) & modules.keys()


def test_a_sync_model_is_called_without_asyncio(predict: Predict) -> None:
    source = "import sys\nclass Model:\n    def predict(self, i): return sorted(SLOW & sys.modules.keys())\n"
    assert predict(f"SLOW = {SLOW}\n{source}").stdout == "[]\n"


def test_a_check_without_options_imports_no_parser_of_options(checked: dict[str, Path]) -> None:
    assert not {"truss_cli.app", "truss_cli.commands.check", "typer"} & checked.keys()


def test_a_clean_check_imports_no_other_command(checked: dict[str, Path]) -> None:
    assert "truss_cli.check.engine" in checked
    others = tuple(
        f"truss_cli.{part}{name}" for name in COMMANDS if name != "check" for part in ("", "commands.")
    )
    assert not [name for name in checked if name.startswith(others)]


def test_a_clean_check_writes_in_one_format_and_explains_nothing(checked: dict[str, Path]) -> None:
    assert "truss_cli.check.report.as_text" in checked
    others = {"truss_cli.check.report.as_sarif", "truss_cli.check.report.as_json", "truss_cli.check.explain"}
    assert not others & checked.keys()


def test_a_clean_check_imports_nothing_that_is_slow(checked: dict[str, Path]) -> None:
    assert not SLOW & checked.keys()
    assert _installed(checked) <= FROM_PYDANTIC | {"_yaml", "yaml"}
