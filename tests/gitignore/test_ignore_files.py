"""The ignore files that are read, and those that cannot harm."""

import os
import subprocess
from pathlib import Path

import pytest

from truss_cli.gitignore.worktree import GitIgnore


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("GIT_CONFIG_GLOBAL", raising=False)
    folder = tmp_path / "repository"
    _make_repository(folder)
    return folder


def _make_repository(folder: Path) -> None:
    _write(folder / ".git/HEAD", "ref: refs/heads/main\n")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def _is_ignored(top: Path, name: str) -> bool:
    return GitIgnore(top).ignores(top / name)


def test_default_excludes_file(repository: Path, tmp_path: Path) -> None:
    _write(tmp_path / "xdg/git/ignore", "a\n")
    assert _is_ignored(repository, "a/config.yaml")
    assert not _is_ignored(repository, "b/config.yaml")


@pytest.mark.parametrize(
    "config",
    [
        "[core]\n\texcludesFile = ~/users\n",
        "[core] excludesfile=~/users ; mine\n",
        '[Core]\nexcludesFile = "~/users"\n',
        '[core]\nexcludesFile = "~/use\\\nrs" # mine\n',
        "[core]\nexcludesFile = ~/others\n[core]\nexcludesFile = ~/users\n[other]\nexcludesFile = ~/others\n",
        '[core]\nexcludesFile = ~/users\n[core "other"]\nexcludesFile = ~/others\n',
        "[include]\npath = included\n",
    ],
)
def test_excludes_file_of_the_users_configuration(config: str, repository: Path, tmp_path: Path) -> None:
    _write(tmp_path / ".gitconfig", config)
    _write(tmp_path / "included", "[core]\nexcludesFile = ~/users\n")
    _write(tmp_path / "users", "a\n")
    git = [
        "git",
        "config",
        "--file",
        str(tmp_path / ".gitconfig"),
        "--includes",
        "--path",
        "core.excludesFile",
    ]
    by_git = subprocess.run(git, capture_output=True, text=True, check=True)
    assert by_git.stdout.strip() == str(tmp_path / "users")
    assert _is_ignored(repository, "a/config.yaml")


def test_configuration_of_the_repository_is_not_read(repository: Path, tmp_path: Path) -> None:
    _write(repository / ".git/config", f"[core]\nexcludesFile = {tmp_path}/users\n")
    _write(tmp_path / "users", "a\n")
    assert not _is_ignored(repository, "a/config.yaml")


def test_a_file_that_includes_itself_ends(repository: Path, tmp_path: Path) -> None:
    _write(tmp_path / ".gitconfig", "[include]\npath = .gitconfig\n")
    assert not _is_ignored(repository, "a/config.yaml")


def test_precedence(repository: Path, tmp_path: Path) -> None:
    _write(tmp_path / "xdg/git/ignore", "a\nb\nc\n")
    _write(repository / ".git/info/exclude", "!b\n!c\n")
    _write(repository / ".gitignore", "c\n")
    ignored_names = [name for name in "abc" if _is_ignored(repository, f"{name}/config.yaml")]
    assert ignored_names == ["a", "c"]


def test_each_repository_has_its_own_rules(repository: Path) -> None:
    _write(repository / ".gitignore", "a\nvendor\n")
    for name in ("inner", "vendor"):
        _make_repository(repository / name)
        _write(repository / name / ".gitignore", "b\n")
    names = ("a/c.yaml", "inner/a/c.yaml", "inner/b/c.yaml", "vendor/a/c.yaml", "vendor/b/c.yaml")
    assert [_is_ignored(repository, name) for name in names] == [True, False, True, True, True]
    assert [_is_ignored(repository / "vendor", name) for name in ("a/c.yaml", "b/c.yaml")] == [False, True]
    assert [_is_ignored(repository.parent, f"repository/{name}") for name in names[:3]] == [True, False, True]


def test_a_linked_worktree_shares_the_excludes_of_the_main_one(repository: Path, tmp_path: Path) -> None:
    _write(repository / ".git/info/exclude", "a\n")
    _write(repository / ".git/worktrees/other/commondir", "../..\n")
    _write(tmp_path / "other/.git", f"gitdir: {repository}/.git/worktrees/other\n")
    assert _is_ignored(tmp_path / "other", "a/config.yaml")


def test_without_a_repository_nothing_is_ignored(tmp_path: Path) -> None:
    _write(tmp_path / ".gitignore", "a\n")
    assert not _is_ignored(tmp_path, "a/config.yaml")


@pytest.mark.parametrize("special", ["pipe", "folder", "link", "loop"])
def test_an_ignore_file_that_is_not_a_regular_file_has_no_patterns(special: str, repository: Path) -> None:
    file = repository / ".gitignore"
    _write(repository / "patterns", "a\n")
    if special == "pipe":
        os.mkfifo(file)
    elif special == "folder":
        file.mkdir()
    else:
        file.symlink_to("patterns" if special == "link" else ".gitignore")
    assert not _is_ignored(repository, "a/config.yaml")


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("*a" * 30 + "b", "a" * 200),
        ("**/a/" * 30 + "b", "a/" * 1000),
        ("?*" * 60 + "b", "a" * 200),
        ("**/" * 1000 + "b", "a/" * 1000),
    ],
)
def test_a_pattern_cannot_stall_the_search(pattern: str, name: str, repository: Path) -> None:
    _write(repository / ".gitignore", f"{pattern}\n")
    assert not GitIgnore(repository).ignores(repository / name / "config.yaml")


@pytest.mark.parametrize(
    "line", ["[", "!", "/", "\\", "a\\", "[z-a]", "[[:bad:]]", "**", "\0", "\ufeff", "(((", "/!"]
)
def test_an_unusual_pattern_is_no_error(line: str, repository: Path) -> None:
    _write(repository / ".gitignore", f"{line}\nb\n")
    assert _is_ignored(repository, "b/config.yaml")
