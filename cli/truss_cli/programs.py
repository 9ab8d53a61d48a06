"""Lookup of the programs that the tool runs, such as uv; none is taken from a folder that is only read."""

import os
import shutil
from pathlib import Path


def find_program(name: str, untrusted_folder: Path) -> str | None:
    """Return the absolute path of a program on PATH outside an untrusted folder; None without one."""
    found = shutil.which(name, path=trusted_search_path(untrusted_folder))
    # On Windows, the working folder is searched as well.
    return found if found and os.path.isabs(found) else None  # noqa: PTH117 - a string, as PATH


def trusted_search_path(untrusted_folder: Path | None = None) -> str:
    """Return PATH without relative folders and without those inside an untrusted folder."""
    top = os.path.realpath(untrusted_folder) if untrusted_folder else None
    return os.pathsep.join(
        folder
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)
        if Path(folder).is_absolute() and not (top and Path(os.path.realpath(folder)).is_relative_to(top))
    )
