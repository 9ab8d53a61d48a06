"""The templates as they are found: by name, as a folder of one's own, and in the documentation."""

from pathlib import Path

import pytest

from truss_cli.errors import TrussError
from truss_cli.init.template.gallery import find_template, markdown_section

DOCUMENT = Path(__file__).parents[2] / "docs" / "init.md"

TEMPLATES = (
    "Templates: async, basic, chat, embeddings, full, image, pydantic, sklearn, streaming, torch, "
    "transformers, vllm, websocket."
)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("basik", "Did you mean basic?"),
        ("", TEMPLATES),
        ("_shared", TEMPLATES),
        ("x" * 5000, TEMPLATES),
        ("a\x00b", TEMPLATES),
    ],
)
def test_an_unknown_template_is_answered_with_those_there_are(name: str, hint: str) -> None:
    with pytest.raises(TrussError) as error:
        find_template(name)
    assert error.value.hint == hint


def test_a_name_of_the_gallery_comes_before_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("basic").mkdir()
    assert find_template("basic").manifest.title == "Basic"
    assert find_template("./basic").manifest.title == "basic"


def test_the_readme_carries_the_gallery() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    carried = text.partition("<!-- gallery -->\n")[2].partition("\n<!-- /gallery -->")[0]
    assert carried.strip() == markdown_section().strip()
