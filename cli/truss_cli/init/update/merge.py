"""Three versions of a file become one: what the template was, what the truss has, what the template is."""

import os
import subprocess
import tempfile
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from truss_cli.errors import TrussError

_MOST_CONFLICTS = 127
"""git merge-file exits with the number of conflicts up to this, and with 255 when it fails."""


class MergeKind(Enum):
    """What becomes of a file."""

    SAME = "unchanged"
    ADDED = "added"
    UPDATED = "updated"
    MERGED = "merged"
    CONFLICT = "conflict: both have changed it"
    REMOVED = "removed"
    KEPT = "kept: it cannot be merged, and differs from the template's"


class Merged(NamedTuple):
    """What becomes of a file, and what the file holds then; None for no file."""

    kind: MergeKind
    content: bytes | None


def merge(base: bytes | None, ours: bytes | None, theirs: bytes | None) -> Merged:
    """Merge what has changed from `base` to `theirs` into `ours`; None stands for no file.

    What the truss has changed itself is never given up: where both have changed the same lines, both are
    kept between git's conflict marks.
    """
    if theirs in (base, ours) or (ours is None and base is not None):
        return Merged(MergeKind.SAME, ours)
    if ours == base:
        kind = MergeKind.REMOVED if theirs is None else MergeKind.ADDED if ours is None else MergeKind.UPDATED
        return Merged(kind, theirs)
    if base is None or theirs is None or any(b"\0" in (part or b"") for part in (base, ours, theirs)):
        return Merged(MergeKind.KEPT, ours)
    return _merge_text(base, ours or b"", theirs)


def _merge_text(base: bytes, ours: bytes, theirs: bytes) -> Merged:
    with tempfile.TemporaryDirectory(prefix="truss-merge-") as folder:
        paths = [Path(folder, name) for name in ("ours", "base", "theirs")]
        for path, content in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(content)
        labels = ("-L", "this truss", "-L", "the template before", "-L", "the template now")
        try:
            done = subprocess.run(  # noqa: S603 - paths of our own
                ["git", "-c", "safe.bareRepository=explicit", "merge-file", "-p", *labels, *map(str, paths)],  # noqa: S607 - the user's git
                capture_output=True,
                check=False,
                cwd=folder,
                env={**os.environ, "GIT_CEILING_DIRECTORIES": tempfile.gettempdir()},
            )
        except FileNotFoundError:
            raise TrussError("git is not installed, and merges what has changed") from None
    if not 0 <= done.returncode <= _MOST_CONFLICTS:
        return Merged(MergeKind.KEPT, ours)
    return Merged(MergeKind.CONFLICT if done.returncode else MergeKind.MERGED, done.stdout)
