"""Where the repository starts: services that show findings on a change know its files from there."""

import os
from pathlib import Path

from truss_cli.display import relative_name


def repository_top() -> str:
    """Return the folder of the nearest `.git` at or above the working folder.

    Without one, that is the checkout of a GitHub workflow (`GITHUB_WORKSPACE`) if
    the working folder lies in it, else the working folder.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            return str(folder)
    workspace = os.environ.get("GITHUB_WORKSPACE", "")
    return workspace if workspace and here.is_relative_to(workspace) else str(here)


def name_in_repository(path: str | os.PathLike[str]) -> str:
    """Name a file relative to the top of the repository where it lies under it, else in full."""
    return relative_name(path, repository_top())
