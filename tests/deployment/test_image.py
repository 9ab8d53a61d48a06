"""The files that the image of a truss has; the vectors were measured with the original's own code."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import PathSpec

from truss_cli.deployment.default_patterns import DEFAULT_PATTERNS
from truss_cli.deployment.ignore import IgnoreFilter
from truss_cli.deployment.image import Copied, Dropped, DropReason, Image
from truss_cli.project import open_truss

VECTORS = (
    ("", "data/downloads/w.txt", False),
    ("", "model/lib/t.txt", False),
    ("", "data/tok.spec", False),
    ("", "data/lib", True),
    ("", "data/Lib/t", True),
    ("", "data/w.log.txt", True),
    ("", "data/.env", False),
    ("", "data/MANIFEST", False),
    ("", "data/.cache/x", False),
    ("", "data/a.tmp", False),
    ("", "data/.env.prod", True),
    ("*.bin", "data/lib/a", False),
    ("*.bin", "data/a.log", False),
    ("*.bin", "model/w.bin", False),
    ("!lib/", "data/lib/a", True),
    ("!lib/", "data/tok.spec", False),
    ("!lib/keep", "data/lib/keep", False),
    ("/data/", "data/a", False),
    ("/data/", "model/data/a", True),
    ("data/*.csv", "data/a.csv", False),
    ("data/*.csv", "data/s/a.csv", True),
    # The following are not measured, but follow from the two filters.
    (".truss_ignore\n!lib/", "data/lib/a", False),
    ("# only a comment\n", "data/lib/a", False),
)


def _write(folder: Path, files: Sequence[str], config: str = "model_name: m\n") -> Path:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    (folder / "config.yaml").write_text(config)
    return folder


def _image(folder: Path) -> Image:
    return Image(open_truss(folder))


def _copied(image: Image) -> set[str]:
    return {place for tree in image.trees for _, place in image.files(tree)}


@pytest.mark.parametrize(("lines", "path", "is_copied"), VECTORS)
def test_a_file_passes_both_filters(lines: str, path: str, tmp_path: Path, *, is_copied: bool) -> None:
    _write(tmp_path, [path])
    if lines:
        (tmp_path / ".truss_ignore").write_text(lines)
    image = _image(tmp_path)
    assert isinstance(image.locate(path), Copied) == is_copied
    assert (f"/app/{path}" in _copied(image)) == is_copied


def test_anchored_patterns_apply_at_the_top_only(tmp_path: Path) -> None:
    _write(tmp_path, ["data/docs/_build/a", "docs/_build/a"], "data_dir: .\n")
    assert _copied(_image(tmp_path)) == {"/app/data/data/docs/_build/a", "/app/data/config.yaml"}


def test_folders_are_renamed_as_the_image_has_them(tmp_path: Path) -> None:
    config = "model_module_dir: src\ndata_dir: assets\nbundled_packages_dir: libs\n"
    files = ["src/model.py", "assets/a.txt", "libs/tool/t.py", "labels.txt", "data/b.txt", "packages/c.py"]
    image = _image(_write(tmp_path, files, config))
    assert _copied(image) == {"/app/model/model.py", "/app/data/a.txt", "/packages/tool/t.py"}
    assert (
        image.locate("assets/a.txt")
        == image.locate(tmp_path / "assets" / "a.txt")
        == Copied("/app/data/a.txt")
    )
    assert image.locate("config.yaml") == Copied("/app/config.yaml")
    assert image.locate("labels.txt") == Dropped(DropReason.NOT_COPIED)
    reasons = {entry.name: str(entry.placement) for entry in image.other_entries()}
    assert reasons.keys() == {"config.yaml", "data/", "labels.txt", "packages/"}


def test_the_responsible_pattern_and_its_list_are_named(tmp_path: Path) -> None:
    _write(tmp_path, ["data/a.bin", "data/lib/x/y"])
    (tmp_path / ".truss_ignore").write_text("# large\n*.bin\n")
    image = _image(tmp_path)
    assert str(image.locate("data/a.bin")) == "`*.bin` in .truss_ignore"
    assert str(image.locate("data/lib/x/y")) == "`lib/` in the default ignore list"
    entries = [entry for tree in image.trees for entry in image.entries(tree)]
    assert [entry.name for entry in entries] == ["data/a.bin", "data/lib/"]


def test_links_are_copied_by_content_or_dropped(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("x")
    folder = _write(tmp_path / "truss", ["data/real/a.txt", "shared.txt", "data/lib/x"])
    links = {
        "inside": "../shared.txt",
        "outside": "../../outside.txt",
        "absolute": str(folder / "shared.txt"),
        "folder": "real",
        "broken": "none",
        "dropped": "lib/x",
    }
    for name, target in links.items():
        (folder / "data" / name).symlink_to(target)
    image = _image(folder)
    assert _copied(image) == {"/app/data/inside", "/app/data/real/a.txt"}
    assert {name: image.locate(f"data/{name}") for name in links if name != "inside"} == {
        "outside": Dropped(DropReason.LINK_OUTSIDE),
        "absolute": Dropped(DropReason.LINK_OUTSIDE),
        "folder": Dropped(DropReason.LINKED_FOLDER),
        "broken": Dropped(DropReason.BROKEN_LINK),
        "dropped": Dropped(DropReason.LINK_OUTSIDE),
    }
    assert image.locate("data/folder/a.txt") == Dropped(DropReason.LINKED_FOLDER)


def test_external_packages_are_filtered_folder_by_folder(tmp_path: Path) -> None:
    files = ["tool/docs/_build/a", "docs/_build/b", "lib/c", "x.spec", "tool/t.py"]
    _write(tmp_path / "external", files)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "e.py").write_text("x")
    (tmp_path / "external" / "linked").symlink_to("../elsewhere")
    config = "external_package_dirs: [../external]\n"
    folder = _write(tmp_path / "truss", ["packages/own.py", "model/model.py", "data/lib/a"], config)
    (folder / ".truss_ignore").write_text("!lib/")  # which the first copy does not read
    assert _copied(_image(folder)) == {
        "/app/model/model.py",
        "/packages/own.py",
        "/packages/docs/_build/b",
        "/packages/linked/e.py",
        "/packages/tool/t.py",
        "/packages/config.yaml",
    }


NAMES = sorted(
    {
        "a",
        "a.txt",
        "Lib",
        *(text.strip("/*").split("/")[-1].replace("[cod]", "c") for text in DEFAULT_PATTERNS),
    }
)
SPEC = PathSpec.from_lines("gitignore", DEFAULT_PATTERNS)


@given(
    parts=st.lists(st.sampled_from([*NAMES, "docs", "share", "_build"]), min_size=1, max_size=4),
    is_folder=st.booleans(),
)
def test_the_compiled_default_list_matches_as_gitignore_does(parts: list[str], *, is_folder: bool) -> None:
    path = "/".join(parts)
    expected = SPEC.match_file(path) or (is_folder and SPEC.match_file(f"{path}/"))
    assert bool(IgnoreFilter().dropped_by(path, is_folder=is_folder)) == expected


LINES = st.sampled_from(
    ["!lib/", "!lib", "*.txt", "!*.txt", "!docs/_build/", "/a/", "a/*", "!a/lib", "!*.log", "!a/a"]
)


@given(
    st.lists(LINES, min_size=1, max_size=3),
    st.lists(st.sampled_from(["a", "lib", "docs", "_build", "a.txt", "x.log"]), min_size=1, max_size=4),
)
def test_lines_of_the_user_are_appended_to_the_default_list(lines: list[str], parts: list[str]) -> None:
    spec = PathSpec.from_lines("gitignore", [*DEFAULT_PATTERNS, *lines])
    folders = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
    is_pruned = any(spec.match_file(folder) or spec.match_file(f"{folder}/") for folder in folders)
    expected = is_pruned or spec.match_file("/".join(parts))
    assert bool(IgnoreFilter(lines).dropped_by("/".join(parts))) == expected
