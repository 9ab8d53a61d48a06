"""The paths that are ignored, compared with git."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from truss_cli.gitignore.worktree import GitIgnore

FOLDERS = ("a", "a/a", "a/b", "a/b/a.c", "a/b/c/b", "b", "b/a", "b/a/b", "b/x y", "!b", "#a", "a.c/b")
FILES = [Path("top", folder, "config.yaml") for folder in FOLDERS]
SEGMENT = st.sampled_from(
    ["a", "b", "c", "x y", "*", "**", "?", "a*", "*.c", "[ab]", "[!a]", "*a*", "config.yaml", "*.yaml"]
)
PATTERN = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "", "!", "\\!", "\\#", "#"]),
    st.sampled_from(["", "", "/"]),
    st.lists(SEGMENT, min_size=1, max_size=3).map("/".join),
    st.sampled_from(["", "", "/"]),
    st.sampled_from(["", "", " ", "\\ ", "\r"]),
)
LINES = st.lists(PATTERN, max_size=5).map("\n".join)
IGNORE_FILES = st.dictionaries(
    st.sampled_from(
        [
            ".gitignore",
            "top/.gitignore",
            "top/a/.gitignore",
            "top/a/b/.gitignore",
            ".git/info/exclude",
            "../users",
        ]
    ),
    LINES,
    min_size=1,
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository") / "repository"
    for file in FILES:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()
    subprocess.run(["git", "init", "--quiet", folder], check=True)  # noqa: S607 - the one on PATH
    return folder


@pytest.fixture(autouse=True, scope="module")
def _user_config(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[None]:
    config = tmp_path_factory.mktemp("home") / "config"
    config.write_text(f"[core]\n\texcludesFile = {repository.parent}/users\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", str(config))
        yield


def _ignored_by_git(repository: Path) -> set[Path]:
    process = subprocess.run(
        ["git", "-C", repository, "check-ignore", "--stdin", "-z"],  # noqa: S607 - the one on PATH
        input="\0".join(map(str, FILES)).encode(),
        capture_output=True,
        check=False,
    )
    assert process.returncode in (0, 1), process.stderr
    return {Path(name) for name in os.fsdecode(process.stdout).split("\0") if name}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=IGNORE_FILES)
@example(texts={".gitignore": "*\n!top/\n!a/"})
@example(texts={".gitignore": "a/\n!a/b/\n"})
@example(texts={".gitignore": "/top/*\n!/top/b\n", "top/b/.gitignore": "!config.yaml\n"})
def test_ignored_files_are_those_of_git(repository: Path, texts: Mapping[str, str]) -> None:
    try:
        for name, text in texts.items():
            (repository / name).write_text(text, newline="")
        rules = GitIgnore(repository / "top")
        assert {file for file in FILES if rules.ignores(repository / file)} == _ignored_by_git(repository)
    finally:
        for name in texts:
            (repository / name).unlink()
