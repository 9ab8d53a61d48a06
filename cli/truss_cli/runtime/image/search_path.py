"""The import path without folders of the truss, which the image lacks."""

# Thousands of paths are handled as strings, without resolving links.
# ruff: noqa: PTH109, PTH120

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from truss_cli.deployment.image import is_inside
from truss_cli.display import visible
from truss_cli.runtime.image.file_access import is_installed
from truss_cli.runtime.process.stacks import OWN_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from truss_cli.deployment.stage import Stage


_TOOL = os.path.dirname(OWN_FOLDER.rstrip(os.sep))


def without_truss(entries: Iterable[str], stage: Stage) -> list[str]:
    """Return the entries of an import path outside the truss; note those that are dropped on stderr.

    They come from PYTHONPATH or editable installs. Installed packages and the tool may be in the truss.
    """
    path = []
    for entry in entries:
        folder = os.path.realpath(entry)
        if not is_inside(folder, stage.truss) or folder == _TOOL or is_installed(folder, stage):
            path.append(entry)
        elif entry not in ("", os.getcwd()):
            name = visible(os.path.relpath(folder, stage.truss))
            sys.stderr.write(
                f"note: modules in {name} are not imported: PYTHONPATH or an editable install names this"
                " folder, which the image lacks\n"
            )
    return path
