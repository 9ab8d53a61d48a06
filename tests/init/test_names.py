"""A name is data: whatever it holds, config.yaml reads back as that very name."""

import ast
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from truss_cli.errors import TrussError
from truss_cli.init.command import init
from truss_cli.init.options import InitOptions
from truss_cli.init.template.render import quoted

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT)
@example("\"quoted\" and 'quoted'")
@example("key: value # comment")
@example("{{ 7 * 7 }} {% raw %} {# #}")
@example("- *alias &anchor !tag %directive @ `")
@example("yes")
@example("1.0")
@example("\x00\x07\x1b[31m\x7f\x85\u2028\u2029\ufeff\ufffe\U0001f600")
@example("\\u0041\\")
@example("line\r\nline\ttab ")
def test_what_is_quoted_reads_back_from_yaml_and_from_python(text: str) -> None:
    assert yaml.load(f"key: {quoted(text)}\n", Loader=yaml.CSafeLoader) == {"key": text}
    assert yaml.safe_load(f"key: {quoted(text)}\n") == {"key": text}
    assert ast.literal_eval(quoted(text)) == text


@settings(deadline=None)  # the first truss of a process makes the schema of config.yaml
@given(TEXT.filter(str.strip))
@example("{{ name }}: 'x'")
@example("Ünï\u202ecödé 模型 👩\u200d🚀")
def test_a_rendered_config_reads_back_as_the_name(name: str) -> None:
    with TemporaryDirectory() as folder:
        init(InitOptions(f"{folder}/truss", name=name))
        text = (Path(folder) / "truss" / "config.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text)["model_name"] == name


def test_the_default_name_is_that_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my: model").mkdir()
    monkeypatch.chdir(tmp_path / "my: model")
    init(InitOptions("."))
    assert yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))["model_name"] == "my: model"


@pytest.mark.parametrize(("folder", "name"), [(b"caf\xe9", "caf\\udce9"), (b"  ", "my-model")])
def test_a_folder_without_a_name_for_a_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: bytes, name: str
) -> None:
    here = tmp_path / os.fsdecode(folder)
    here.mkdir()
    monkeypatch.chdir(here)
    init(InitOptions("."))
    assert yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))["model_name"] == name


@pytest.mark.parametrize("name", ["", "  \n", "\udcff"])
def test_a_name_that_no_config_can_hold_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(TrussError, match="name cannot be"):
        init(InitOptions(str(tmp_path / "truss"), name=name))
    assert not (tmp_path / "truss").exists()
