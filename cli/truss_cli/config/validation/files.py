"""Files and folders that a config.yaml names."""

import os
from collections.abc import Iterator
from pathlib import Path

from truss_cli.config.finding import ConfigFinding, Problem
from truss_cli.config.text.document import Document
from truss_cli.contract.defaults import DATA_FOLDER, PACKAGES_FOLDER

_LOCK_FILE = "uv.lock"
_PROJECT_FILE = "pyproject.toml"
_USUAL_FOLDERS = {"data_dir": DATA_FOLDER, "bundled_packages_dir": PACKAGES_FOLDER}


def file_findings(document: Document, folder: Path) -> Iterator[ConfigFinding]:
    """Find named files and folders that are absent, or not uploaded with the truss."""
    yield from _requirements_file(document, folder)
    dirs = document.values.get("external_package_dirs")
    for index, name in enumerate(dirs if isinstance(dirs, list) else ()):
        if isinstance(name, str) and not _is_dir(folder / name):
            path = ("external_package_dirs", index)
            yield _finding(
                document, path, f"there is no folder `{name}`", "Correct the path, which starts at the truss."
            )
    for key, usual in _USUAL_FOLDERS.items():
        name = document.values.get(key)
        if isinstance(name, str) and name and name != usual and not _is_dir(folder / name):
            message = f"there is no folder `{name}`"
            advice = f"Create it, or remove `{key}`."
            yield _finding(document, (key,), message, advice, Problem.ABSENT_FOLDER)


def _requirements_file(document: Document, folder: Path) -> Iterator[ConfigFinding]:
    name = document.values.get("requirements_file")
    if not isinstance(name, str) or not name:
        return
    path = ("requirements_file",)
    if not _is_file(folder / name):
        yield _finding(document, path, f"there is no file `{name}`", "Create it, or correct the path.")
    elif Path(name).name == _LOCK_FILE and not _is_file((folder / name).with_name(_PROJECT_FILE)):
        message = f"there is no {_PROJECT_FILE} beside `{name}`"
        yield _finding(document, path, message, f"Add the {_PROJECT_FILE} that it was locked from.")
    elif os.path.normpath(name).startswith((os.pardir, os.sep)):
        message = f"`{name}` is outside the truss, and is not uploaded with it"
        yield _finding(document, path, message, "Move it into the truss.", Problem.OUTSIDE)


def _finding(
    document: Document,
    path: tuple[str | int, ...],
    message: str,
    advice: str,
    problem: Problem = Problem.MISSING_FILE,
) -> ConfigFinding:
    return ConfigFinding(problem, message, advice, document.span(path))


def _is_dir(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name too long, or with a null character
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
