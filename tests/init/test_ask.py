"""On a terminal what is missing is asked; without one nothing is, and nothing blocks."""

import io
import re
import sys
from pathlib import Path

import pytest
import yaml

from truss_cli.errors import TrussError
from truss_cli.init.command import init
from truss_cli.init.options import InitOptions


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> "Typing":
    return Typing(monkeypatch)


class Typing:
    """Somebody at a terminal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.output = Terminal()
        self.complaints = Terminal()

    def __call__(self, *lines: str) -> None:
        self.monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))
        self.monkeypatch.setattr(sys, "stdout", self.output)
        self.monkeypatch.setattr(sys, "stderr", self.complaints)


def config() -> dict[str, object]:
    loaded = yaml.safe_load(Path("truss/config.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def test_an_empty_answer_takes_the_default(typing: Typing) -> None:
    typing(*[""] * 7)
    init(InitOptions())
    assert (
        yaml.safe_load(Path("my-model/config.yaml").read_text(encoding="utf-8"))["model_name"] == "my-model"
    )
    shown = typing.output.getvalue()
    assert "   1  basic         JSON in, JSON out; the place to start\n" in shown
    asked = re.findall(r"[^\n\]]+\[[^\n\]]+\]: ", shown)
    assert asked == [
        "Folder to make [my-model]: ",
        "Template [basic]: ",
        "Name of the truss [my-model]: ",
        "Python version (py310, py311, py312, py313, py314) [py313]: ",
        "Accelerator [none]: ",
        "Add a test of the model [no]: ",
        "Add a GitHub Actions workflow [no]: ",
    ]


def test_a_template_is_chosen_by_its_number_or_name(typing: Typing) -> None:
    typing("99", "stream", "streaming", "", "", "", "async", "y", "n")
    init(InitOptions("truss"))
    assert "expected one of basic" in typing.complaints.getvalue()
    assert "async def predict" in Path("truss/model/model.py").read_text(encoding="utf-8")
    assert Path("truss/tests/test_model.py").is_file()


def test_one_can_go_back_and_answer_anew(typing: Typing) -> None:
    typing("<", "", "streaming", "Ada", "<", "<", "basic", "Grace", "", "", "<", "H100:2", "", "")
    init(InitOptions())
    assert "Name of the truss [Ada]: " in typing.output.getvalue()
    loaded = yaml.safe_load(Path("my-model/config.yaml").read_text(encoding="utf-8"))
    assert loaded["model_name"] == "Grace"
    assert loaded["resources"]["accelerator"] == "H100:2"


def test_a_folder_that_is_taken_is_refused_at_once(typing: Typing) -> None:
    Path("my-model").mkdir()
    Path("my-model/notes.txt").touch()
    typing("my-model", "", *[""] * 6)
    init(InitOptions())
    assert "my-model is not empty: it has notes.txt" in typing.complaints.getvalue()
    assert Path("my-model-2/config.yaml").is_file()


def test_an_answer_is_validated_as_it_is_given(typing: Typing) -> None:
    typing("basic", "Ünï: {{ x }}", "4.0", "3.12", "l4", "L4:2", "", "")
    init(InitOptions("truss"))
    assert config()["model_name"] == "Ünï: {{ x }}"
    assert config()["python_version"] == "py312"
    assert config()["resources"] == {"cpu": "1", "memory": "2Gi", "accelerator": "L4:2"}
    assert "  expected one of py310, py311" in typing.complaints.getvalue()
    assert "  expected none, or one of " in typing.complaints.getvalue()


def test_what_is_given_is_not_asked(typing: Typing) -> None:
    typing("async")
    settings = ("name=x", "python=py312", "accelerator=none")
    init(InitOptions("truss", template="streaming", settings=settings, with_tests=False, with_ci=False))
    assert "\nKind of generator (sync, async) [sync]: Wrote" in typing.output.getvalue()
    assert "async def predict" in Path("truss/model/model.py").read_text(encoding="utf-8")


def test_yes_asks_nothing(typing: Typing) -> None:
    typing()
    init(InitOptions("truss", yes=True))
    assert typing.output.getvalue().startswith("Wrote")


def test_the_end_of_input_leaves_nothing(typing: Typing) -> None:
    typing("name")
    with pytest.raises(TrussError, match="the input ended before the last question"):
        init(InitOptions("deep/truss"))
    assert not Path("deep").exists()


@pytest.mark.parametrize("answer", ["", "n", "whatever"])
def test_replacing_needs_a_yes(typing: Typing, answer: str) -> None:
    Path("truss").mkdir()
    Path("truss/config.yaml").write_text("mine", encoding="utf-8")
    typing(*[""] * 6, answer)
    with pytest.raises(TrussError, match="nothing was written"):
        init(InitOptions("truss", force=True))
    assert typing.output.getvalue().endswith("Replace truss/config.yaml? [y/N]: ")
    assert [path.name for path in Path("truss").rglob("*")] == ["config.yaml"]
    assert Path("truss/config.yaml").read_text(encoding="utf-8") == "mine"


def test_a_yes_replaces_what_was_named_and_nothing_else(typing: Typing) -> None:
    Path("truss").mkdir()
    Path("truss/config.yaml").write_text("mine", encoding="utf-8")
    Path("truss/notes.txt").write_text("mine", encoding="utf-8")
    typing(*[""] * 6, "y")
    init(InitOptions("truss", force=True))
    assert config()["model_name"] == "truss"
    assert Path("truss/notes.txt").read_text(encoding="utf-8") == "mine"
    assert "config.yaml  (replaced)" in typing.output.getvalue()


def test_without_a_terminal_replacing_needs_yes_on_the_command_line() -> None:
    Path("truss").mkdir()
    Path("truss/config.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(TrussError, match=r"would be replaced: truss/config\.yaml$") as error:
        init(InitOptions("truss", force=True))
    assert error.value.hint == "There is no terminal to ask on: agree with --force --yes."
    init(InitOptions("truss", force=True, yes=True))
    assert config()["model_name"] == "truss"
