"""What services that show findings on a change know them by: the top of the repository, and fingerprints."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from truss_cli.diagnostic import Diagnostic
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


def fingerprints(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield what makes each finding the same one when its lines have moved."""
    seen: Counter[tuple[str, ...]] = Counter()
    for diagnostic in diagnostics:
        same = (diagnostic.code, name_in_repository(diagnostic.finding.path), diagnostic.finding.message)
        seen[same] += 1
        yield sha256(json.dumps([*same, seen[same]]).encode()).hexdigest()
