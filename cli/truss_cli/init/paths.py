"""Paths of files in a truss that are safe to write, and those that tools run commands from."""

import unicodedata
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator

VERSION_CONTROL = frozenset({".git", ".hg", ".svn", ".bzr", ".jj", ".sl"})
"""Folders whose configuration names programs to run."""
_RUN_BY_TOOLS = frozenset(
    {
        ".circleci",
        ".devcontainer",
        ".envrc",
        ".github",
        ".gitlab-ci.yml",
        ".husky",
        ".idea",
        ".mise.toml",
        ".pre-commit-config.yaml",
        ".vscode",
        ".zed",
        "mise.toml",
    }
)
"""Files and folders that editors, shells and CI services run commands from."""


def inside_path(text: str) -> str:
    """Return a path that stays inside a truss, on any system; raise ValueError for another."""
    path = PurePosixPath(text)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\\" in text or ":" in text:
        raise ValueError("must be a path inside the truss")
    if not text.isprintable():
        raise ValueError("must be printable")
    if is_version_control(path):
        raise ValueError("must not be in the folder of a version control system")
    return str(path)


InsidePath = Annotated[str, AfterValidator(inside_path)]


def is_version_control(path: PurePosixPath) -> bool:
    """Return whether any component is `.git` or similar, however file systems fold its name."""
    names = {_folded(part) for part in path.parts}
    return not names.isdisjoint({*VERSION_CONTROL, "git~1"})  # the short name of .git on Windows


def is_run_by_tools(path: PurePosixPath) -> bool:
    """Return whether tools run commands from a file when its folder is opened, entered or pushed."""
    return any(_folded(part) in _RUN_BY_TOOLS for part in path.parts)


def _folded(name: str) -> str:
    """Return a name as case-insensitive file systems compare it.

    HFS+ ignores format characters, Windows ignores final dots and spaces, and the rest after a colon.
    """
    visible_name = "".join(character for character in name if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFKC", visible_name).casefold().partition(":")[0].rstrip(". ")
