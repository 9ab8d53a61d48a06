"""Folders that a truss cannot be made in: one message, and nothing is left behind."""

from pathlib import Path

import pytest

from truss_cli.errors import TrussError
from truss_cli.init.command import init
from truss_cli.init.options import InitOptions


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.parametrize(
    ("directory", "message"),
    [
        ("", "empty"),
        ("a\x1b[31mb", "cannot be the name of a folder"),
        ("line\nbreak", "cannot be the name of a folder"),
        ("nul\x00", "cannot be the name of a folder"),
        ("x" * 300, "cannot be used"),
        ("file", "there is a file in its place"),
        ("file/below", "there is a file in its place"),
        ("link", "is a symbolic link"),
        ("dangling", "is a symbolic link"),
        ("link/below", "is a symbolic link"),
        ("full", "is not empty: it has a, b, c, ..."),
    ],
)
def test_a_folder_that_cannot_be_used(folder: Path, directory: str, message: str) -> None:
    Path("file").touch()
    Path("elsewhere").mkdir()
    Path("link").symlink_to("elsewhere")
    Path("dangling").symlink_to("nowhere")
    Path("full").mkdir()
    for name in "abcd":
        Path("full", name).touch()
    before = everything(folder)
    with pytest.raises(TrussError) as refusal:
        init(InitOptions(directory))
    assert message in refusal.value.message
    assert refusal.value.message.isprintable()
    assert everything(folder) == before


def test_a_symbolic_link_is_answered_with_the_folder_itself(folder: Path) -> None:
    Path("elsewhere").mkdir()
    Path("link").symlink_to("elsewhere")
    with pytest.raises(TrussError) as refusal:
        init(InitOptions("link/truss"))
    assert refusal.value.hint == f"Give the folder itself: truss init {folder.resolve()}/elsewhere/truss"


def test_a_folder_with_hidden_files_alone_is_empty() -> None:
    Path("truss/.git").mkdir(parents=True)
    init(InitOptions("truss"))
    assert Path("truss/model/model.py").is_file()


def test_folders_on_the_way_are_made() -> None:
    init(InitOptions("a/b/../c"))
    assert Path("a/c/config.yaml").is_file()


def test_files_in_the_way_are_named_and_left_alone(folder: Path) -> None:
    Path("truss/model").mkdir(parents=True)
    Path("truss/config.yaml").write_text("mine", encoding="utf-8")
    Path("truss/model/model.py").symlink_to("nowhere")
    before = everything(folder)
    with pytest.raises(TrussError) as refusal:
        init(InitOptions("truss"))
    assert (
        refusal.value.message == "already there, and not overwritten: truss/config.yaml, truss/model/model.py"
    )
    assert everything(folder) == before
    assert Path("truss/config.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("make", [Path.touch, lambda path: path.symlink_to("/tmp")])  # noqa: S108 - a link elsewhere
def test_what_is_in_place_of_a_folder_is_never_replaced(folder: Path, make: object) -> None:
    assert callable(make)
    Path("truss").mkdir()
    make(Path("truss/model"))
    before = everything(folder)
    with pytest.raises(TrussError, match=r"in the way, and not replaced: truss/model$"):
        init(InitOptions("truss", force=True, yes=True))
    assert everything(folder) == before


@pytest.mark.parametrize("directory", ["loop", "loop/truss", "{folder}/loop", "{folder}/loop/truss"])
def test_a_loop_of_links_is_reported(directory: str, folder: Path) -> None:
    Path("loop").symlink_to("loop")
    with pytest.raises(TrussError, match=r"a loop of symbolic links|Too many levels of symbolic links"):
        init(InitOptions(directory.format(folder=folder), yes=True))
