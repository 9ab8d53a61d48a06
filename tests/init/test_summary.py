"""What is printed: a tree of what was written, and commands to paste."""

import io
import shlex
import sys
from pathlib import Path

import pytest

from truss_cli.init.command import init, list_templates
from truss_cli.init.options import InitOptions


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


BASIC = """\
Wrote a truss from the template basic:

my-model
├── .gitignore
├── .truss
│   ├── config.schema.json
│   └── answers.yaml
├── README.md
├── config.yaml
└── model
    ├── __init__.py
    └── model.py

Next:

  cd my-model
  truss check
  truss predict --example
"""


def test_a_tree_and_the_next_commands(capsys: pytest.CaptureFixture[str]) -> None:
    init(InitOptions("my-model"))
    assert capsys.readouterr().out == BASIC


def test_a_dry_run_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    init(InitOptions("my-model", dry_run=True))
    tree = BASIC.partition("\nNext:")[0].replace("Wrote", "Would write")
    assert capsys.readouterr().out == tree
    assert not Path("my-model").exists()


def test_a_dry_run_says_what_would_be_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    Path("my-model").mkdir()
    Path("my-model/config.yaml").write_text("mine", encoding="utf-8")
    init(InitOptions("my-model", dry_run=True, force=True))
    assert "├── config.yaml  (replaced)\n" in capsys.readouterr().out
    assert Path("my-model/config.yaml").read_text(encoding="utf-8") == "mine"


def next_commands(printed: str) -> list[str]:
    return [line.strip() for line in printed.partition("Next:\n")[2].splitlines() if line.strip()]


@pytest.mark.parametrize("directory", ["it's $(here); & <there>", "-rf", "~root", "ünï 模型", "a/b"])
def test_the_commands_can_be_pasted(capsys: pytest.CaptureFixture[str], directory: str) -> None:
    init(InitOptions(directory))
    command, argument = shlex.split(next_commands(capsys.readouterr().out)[0])
    assert command == "cd"
    assert not argument.startswith("-")
    assert Path(argument, "config.yaml").is_file()


def test_here_there_is_nowhere_to_go(capsys: pytest.CaptureFixture[str]) -> None:
    init(InitOptions("."))
    assert next_commands(capsys.readouterr().out) == ["truss check", "truss predict --example"]


def test_requirements_are_installed_and_tests_run(capsys: pytest.CaptureFixture[str]) -> None:
    init(InitOptions("my-model", template="sklearn", with_tests=True))
    assert next_commands(capsys.readouterr().out) == [
        "cd my-model && python -m pip install pytest -r requirements.txt",
        "truss check",
        "truss predict --example",
        "python -m pytest",
    ]


def test_a_workflow_goes_to_the_top_of_the_repository(capsys: pytest.CaptureFixture[str]) -> None:
    Path(".git").mkdir()
    init(InitOptions("models/a b", with_ci=True))
    shown = "and .github/workflows/truss-models-a-b.yml, where GitHub finds it"
    assert shown in capsys.readouterr().out
    assert Path(".github/workflows/truss-models-a-b.yml").is_file()
    Path("own/.git").mkdir(parents=True)
    init(InitOptions("own", with_ci=True))
    assert "where GitHub finds it" not in capsys.readouterr().out
    assert Path("own/.github/workflows/truss.yml").is_file()


def test_a_terminal_without_unicode_gets_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii", errors="backslashreplace"))
    init(InitOptions("modèle"))
    sys.stdout.flush()
    printed = raw.getvalue().decode("ascii")
    assert "+-- config.yaml\n`-- model\n    +-- __init__.py\n" in printed


def test_the_list_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    list_templates()
    first, *rows = capsys.readouterr().out.splitlines()
    assert first.split("  ")[0] == "Template"
    assert first.endswith("  Settings")
    assert max(map(len, [first, *rows])) < 120
    assert [row.split()[0] for row in rows] == [
        "basic", "async", "chat", "embeddings", "full", "image", "pydantic", "sklearn", "streaming", "torch",
        "transformers", "vllm", "websocket",
    ]  # fmt: skip
    assert next(row for row in rows if row.startswith("streaming")).endswith("style=sync")
