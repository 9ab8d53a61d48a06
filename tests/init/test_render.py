"""A template is data: it cannot run code, leave its folder, or fail without saying where."""

from pathlib import Path

import pytest

from truss_cli.errors import TrussError
from truss_cli.init.command import init
from truss_cli.init.options import InitOptions


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "mine"
    folder.mkdir()
    return folder


def make(**options: str) -> None:
    init(InitOptions("truss", template="./mine", name=options.get("name", "truss"), yes=True))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a\nb {{ nothing }}\n", "2: 'nothing' is undefined"),
        ("a\n{% if name %}\nb\n", "3: Unexpected end of template"),
        ("{{ name | shout }}", "1: No filter named 'shout'"),
        ("\n\n{{ 1 // 0 }}", "3: integer division or modulo by zero"),
        ("\n{{ name.__class__.__mro__ }}", "2: access to attribute '__class__' of 'str' object is unsafe"),
        ("{{ ''.format.__globals__ }}", "1: access to attribute '__globals__'"),
        ("{% include 'other' %}", "1: "),
        ("{{ name * 10 ** 15 }}", "1: the result would be too large"),
        ("{% for i in range(10 ** 9) %}{% endfor %}", "1: Range too big"),
    ],
)
def test_an_error_in_a_template_names_its_file_and_line(template: Path, text: str, problem: str) -> None:
    (template / "config.yaml.jinja").write_text("model_name: x\n", encoding="utf-8")
    (template / "notes.txt.jinja").write_text(text, encoding="utf-8")
    with pytest.raises(TrussError) as error:
        make()
    assert error.value.message.startswith(f"mine/notes.txt.jinja:{problem}")
    assert not Path("truss").exists()


def test_a_name_is_not_rendered_again(template: Path) -> None:
    (template / "notes.txt.jinja").write_text("{{ name }}\n", encoding="utf-8")
    make(name="{{ 6 * 7 }}{% raw %}")
    assert Path("truss/notes.txt").read_text(encoding="utf-8") == "{{ 6 * 7 }}{% raw %}\n"


def test_a_file_without_the_suffix_is_copied_as_it_is(template: Path) -> None:
    (template / "data").mkdir()
    (template / "data" / "weights.bin").write_bytes(bytes(range(256)) + b"{{ name }}\r\n")
    (template / "run.sh").write_text("#!/bin/sh\n", encoding="utf-8")
    (template / "run.sh").chmod(0o755)
    make()
    assert Path("truss/data/weights.bin").read_bytes() == bytes(range(256)) + b"{{ name }}\r\n"
    assert Path("truss/run.sh").stat().st_mode & 0o100


def test_a_template_that_is_not_text_is_refused(template: Path) -> None:
    (template / "weights.bin.jinja").write_bytes(b"\xff\x00")
    with pytest.raises(TrussError, match=r"mine/weights\.bin\.jinja is a template and is not UTF-8"):
        make()
    assert not Path("truss").exists()


def test_a_config_that_would_not_be_yaml_is_refused(template: Path) -> None:
    (template / "config.yaml.jinja").write_text("model_name: {{ name }}\n", encoding="utf-8")
    with pytest.raises(TrussError, match=r"the output of mine/config\.yaml\.jinja is not YAML at line 1"):
        make(name="a: b")
    assert not Path("truss").exists()


@pytest.mark.parametrize("link", ["outside", "loop", "inside"])
def test_a_symbolic_link_in_a_template_is_refused(template: Path, link: str) -> None:
    secret = template.parent / "secret"
    secret.write_text("secret", encoding="utf-8")
    (template / "real.txt").touch()
    (template / "notes.txt").symlink_to({"outside": str(secret), "loop": ".", "inside": "real.txt"}[link])
    with pytest.raises(TrussError, match=r"mine/notes\.txt is a symbolic link"):
        make()
    assert not Path("truss").exists()
