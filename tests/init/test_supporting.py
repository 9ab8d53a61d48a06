"""The files around a truss: each of use to whoever opens it, and none in the way of what is there."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from truss_cli.config.json_schema import config_json_schema
from truss_cli.errors import TrussError
from truss_cli.init.command import init
from truss_cli.init.options import InitOptions
from truss_cli.init.template.render import markdown


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(name: str) -> str:
    return Path(name).read_text(encoding="utf-8")


def test_the_first_line_of_the_config_leads_an_editor_to_the_schema() -> None:
    init(InitOptions("truss"))
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", read("truss/config.yaml").splitlines()[0])
    assert named is not None
    assert json.loads(read(f"truss/{named[1]}")) == config_json_schema()


@pytest.mark.parametrize(
    ("content", "first"),
    [
        (b"\xef\xbb\xbfmodel_name: m\n", b"\xef\xbb\xbf# yaml-language-server: "),
        (
            b"# yaml-language-server: $schema=mine.json\nmodel_name: m\n",
            b"# yaml-language-server: $schema=mine",
        ),
        ("model_name: m\n".encode("utf-16"), "model_name".encode("utf-16")),
    ],
)
def test_a_config_of_ones_own_template_keeps_its_encoding_and_its_schema(
    content: bytes, first: bytes
) -> None:
    Path("mine").mkdir()
    Path("mine/config.yaml").write_bytes(content)
    init(InitOptions("truss", template="mine"))
    assert Path("truss/config.yaml").read_bytes().startswith(first)


def test_the_readme_has_the_commands_that_work() -> None:
    init(InitOptions("truss", name="A *b* <c>\n# d"))
    lines = read("truss/README.md").splitlines()
    assert lines[0] == r"# A \*b\* \<c\> \# d"
    assert lines[4:] == [
        "```sh",
        "truss check",
        "truss predict --example",
        "uvx truss push  # deploys it, with Baseten's own program",
        "```",
    ]


def test_markdown_stays_on_one_line_and_shows_escapes() -> None:
    assert markdown("a\n\tb\x1b[1m`") == r"a b\\x1b\[1m\`"


def test_a_readme_and_a_gitignore_that_are_there_stay() -> None:
    Path("truss").mkdir()
    for name in ("README.md", ".gitignore"):
        Path("truss", name).write_text("mine", encoding="utf-8")
    with pytest.raises(TrussError, match=r"is not empty: it has README\.md"):
        init(InitOptions("truss"))
    init(InitOptions("truss", force=True))
    assert read("truss/README.md") == read("truss/.gitignore") == "mine"
    assert Path("truss/config.yaml").is_file()


def test_a_template_brings_its_own_readme() -> None:
    Path("mine").mkdir()
    Path("mine/README.md").write_text("its own", encoding="utf-8")
    init(InitOptions("truss", template="mine"))
    assert read("truss/README.md") == "its own"


@pytest.mark.parametrize(
    ("config", "model", "commands"),
    [
        ("model_metadata: {example_model_input: 1}", "class Model:\n  def predict(self, i): ...", "example"),
        ("model_name: m", "class Model:\n  def predict(self, i): ...", ""),
        ("model_metadata: {example_model_input: 1}\ndocker_server: {}", "", ""),
        ("model_metadata: {example_model_input: 1}", "class Model:\n  def websocket(self, w): ...", ""),
        ("model_metadata: {example_model_input: 1}", "class Model(", ""),
        ("model_metadata: [", "class Model:\n  def predict(self, i): ...", ""),
    ],
)
def test_next_names_what_works_alone(
    capsys: pytest.CaptureFixture[str], config: str, model: str, commands: str
) -> None:
    Path("mine/model").mkdir(parents=True)
    Path("mine/config.yaml").write_text(config, encoding="utf-8")
    Path("mine/model/model.py").write_text(model, encoding="utf-8")
    init(InitOptions("truss", template="mine"))
    shown = capsys.readouterr().out.partition("Next:")[2]
    assert "truss check" in shown
    assert ("truss predict --example" in shown) is bool(commands)


@pytest.mark.parametrize("text", ["3.12", "python3.12", "py312", "PY3.12", "312"])
def test_a_python_is_understood_as_people_write_it(text: str) -> None:
    init(InitOptions("truss", python=text))
    assert "\npython_version: py312\n" in read("truss/config.yaml")


@pytest.mark.parametrize("text", ["3", "3.9", "3.99", "2.7", "3.12.1", "cpython"])
def test_a_python_that_nothing_is_served_with_is_refused(text: str) -> None:
    with pytest.raises(TrussError, match="python cannot be") as refused:
        init(InitOptions("truss", python=text))
    assert "expected one of py310" in refused.value.message


def test_the_workflow_installs_what_the_variable_names_and_says_so_without_one() -> None:
    init(InitOptions("truss", with_ci=True))
    install = re.search(r"run: (python -m pip .*)", read("truss/.github/workflows/truss.yml"))
    assert install is not None
    command = install[1].replace("python -m pip install", "echo installs")
    named = {"TRUSS_CLI": "git+https://example.com/a b"}
    done = subprocess.run(["bash", "-c", command], env=named, capture_output=True, check=True)  # noqa: S607
    assert done.stdout == b"installs git+https://example.com/a b\n"
    empty = subprocess.run(["bash", "-c", command], env={"TRUSS_CLI": ""}, capture_output=True, check=False)  # noqa: S607
    assert empty.returncode
    assert b"TRUSS_CLI: is not set in the variables of this repository" in empty.stderr
