"""The ignore rules that apply to the folders of a search."""

import os
from pathlib import Path
from typing import NamedTuple

from truss_cli.gitignore.patterns import IgnorePatterns
from truss_cli.gitignore.user_config import excludes_file
from truss_cli.regular_file import read_regular_file

_MAX_BYTES = 200_000
"""Size of an ignore file above which the rest is not read."""


class _FolderRules(NamedTuple):
    """The rules for the contents of a folder: patterns, each with the folder that they are relative to."""

    in_worktree: bool = False
    is_ignored: bool = False
    sources: tuple[tuple[Path, IgnorePatterns], ...] = ()
    """In ascending precedence."""

    def ignores(self, path: Path, *, is_folder: bool) -> bool:
        if self.is_ignored:
            return True
        for base, patterns in reversed(self.sources):
            decision = patterns.is_ignored(path.relative_to(base).as_posix(), is_folder=is_folder)
            if decision is not None:
                return decision
        return False


class GitIgnore:
    """The ignore rules of the repository around a folder, and of the repositories in that folder.

    Reads `.gitignore` files, `.git/info/exclude` and the user's excludes file. Files that are tracked
    although a pattern matches them are considered ignored, since the index of the repository is not read.
    No program is started, as the configuration of a repository can name programs that git then runs.
    """

    def __init__(self, folder: Path) -> None:
        self._top = Path(os.path.realpath(folder))
        self._root = next(filter(_is_worktree, (self._top, *self._top.parents)), self._top)
        self._rules: dict[Path, _FolderRules] = {}

    def ignores(self, file: Path) -> bool:
        """Return whether git ignores a file under the folder, or a folder that contains it."""
        folder = Path(os.path.realpath(file.parent))
        if not folder.is_relative_to(self._root):
            return False
        return self._rules_of(folder).ignores(folder / file.name, is_folder=False)

    def _rules_of(self, folder: Path) -> _FolderRules:
        depth = len(folder.parts) - len(self._root.parts)
        rules = _FolderRules()
        for inner in reversed((folder, *folder.parents[:depth])):
            if inner not in self._rules:
                self._rules[inner] = _rules_inside(inner, rules)
            rules = self._rules[inner]
        return rules


def _rules_inside(folder: Path, outer: _FolderRules) -> _FolderRules:
    """Return the rules for the contents of a folder, given those for the contents of its parent."""
    if outer.ignores(folder, is_folder=True):
        return outer._replace(is_ignored=True)
    if _is_worktree(folder):
        outer = _FolderRules(in_worktree=True, sources=_repository_sources(folder))
    if not outer.in_worktree:
        return outer
    # Git does not follow a symbolic link here either.
    patterns = _read_patterns(folder / ".gitignore", follow_link=False)
    return outer._replace(sources=(*outer.sources, (folder, patterns))) if patterns else outer


def _repository_sources(worktree: Path) -> tuple[tuple[Path, IgnorePatterns], ...]:
    """Return the patterns that apply to a complete repository."""
    files = (worktree / excludes_file(), _git_folder(worktree) / "info" / "exclude")
    read = map(_read_patterns, files)
    return tuple((worktree, patterns) for patterns in read if patterns)


def _is_worktree(folder: Path) -> bool:
    git = folder / ".git"
    return os.path.isfile(git) or os.path.isfile(git / "HEAD")  # noqa: PTH113 - pathlib raises for some names


def _git_folder(worktree: Path) -> Path:
    """Return the folder of a repository, which a linked worktree shares with the main one."""
    folder = worktree / ".git"
    link = _read(folder)
    if link.startswith("gitdir:"):
        folder = worktree / link.removeprefix("gitdir:").strip()
        return folder / (_read(folder / "commondir").strip() or ".")
    return folder


def _read_patterns(file: Path, *, follow_link: bool = True) -> IgnorePatterns:
    return IgnorePatterns(_read(file, follow_link=follow_link))


def _read(file: Path, *, follow_link: bool = True) -> str:
    """Return the text of a file; empty if it cannot be read."""
    try:
        data = read_regular_file(file, limit=_MAX_BYTES, follow_link=follow_link)
    except (OSError, ValueError):  # ValueError: a null character in the name
        return ""
    return data.decode("utf-8", "surrogateescape")
