"""How to fix the import of a module that is not there."""

from __future__ import annotations

import os
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from truss_cli.packages import install_command
from truss_cli.runtime.image.missing_file import advise_on_drop

if TYPE_CHECKING:
    from truss_cli.deployment.stage import Stage
    from truss_cli.project import Truss

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")


def how_to_provide(module: str, truss: Truss, *, isolated: bool = False, stage: Stage | None = None) -> str:
    """Return what to do about a module that the model imports and Python does not find.

    In an `isolated` environment everything is installed that config.yaml requires. In a `stage`,
    modules are missing that the image lacks.
    """
    top = module.partition(".")[0]
    if stage is not None:
        advice = _advise_on_drop(module, truss, stage)
        if advice is not None:
            return advice
    if top == truss.packages_folder.name:
        return f"The contents of `{top}/` are imported by bare name: `from helper import f`."
    if top == truss.module_folder:
        return f"`{truss.module_folder}/` has no such module; add it, or correct the name."
    if _has_module(truss.folder / truss.module_folder, top):
        return f"Write `{truss.module_folder}.{module}`: `{top}` is in `{truss.module_folder}/`."
    if _has_module(truss.folder, top):
        return f"Move `{top}` into `{truss.packages_folder.name}/`, whose contents are imported by bare name."
    return _what_to_require(top, truss) if isolated else _how_to_install(top, truss)


def _advise_on_drop(module: str, truss: Truss, stage: Stage) -> str | None:
    """Return why the image lacks a module that is in the truss; None if it is not there."""
    top = module.partition(".")[0]
    entries = [stage.source_of(os.path.normpath(Path(stage.app, entry))) for entry in sys.path]
    folders = [
        *map(str, truss.package_folders),
        *entries,
        *[str(truss.folder)] * (top == truss.module_folder),
    ]
    for folder in folders:
        base = Path(folder, *module.split("."))
        path = next((path for path in (base.with_name(f"{base.name}.py"), base) if path.exists()), None)
        if path is not None and path.is_relative_to(stage.truss) and path.parent != Path(stage.truss):
            return advise_on_drop(str(path), truss)
    return None


def _has_module(folder: Path, name: str) -> bool:
    return (folder / f"{name}.py").is_file() or (folder / name).is_dir()


def _what_to_require(module: str, truss: Truss) -> str:
    place = f"`{truss.requirements_file}`" if truss.requirements_file else "`requirements` in config.yaml"
    return f"No requirement provides `{module}`: add one that does to {place}."


def _how_to_install(module: str, truss: Truss) -> str:
    from truss_cli.contract.installed import SERVER_DISTRIBUTIONS  # noqa: PLC0415 - not on Python 3.9

    file = truss.requirements_file
    if file is not None:
        required = _lines(truss.folder / file)
        everything = ["-r", file]
    else:
        required = everything = truss.requirements
    named = [text for text in required if _project(text) == _normalized(module)]
    if named:
        return f"Install what config.yaml requires: {install_command(named)}"
    if module in SERVER_DISTRIBUTIONS:
        command = install_command([SERVER_DISTRIBUTIONS[module]])
        return f'Run "{command}"; the server already includes it.'
    if any(not _is_installed(text) for text in required):
        return f"Install what config.yaml requires: {install_command(everything)}"
    place = f"`{file}`" if file is not None else "`requirements` in config.yaml"
    command = install_command(["..."])
    return f"No requirement provides `{module}`: add one that does to {place}, then install it: {command}"


def _lines(file: Path) -> list[str]:
    try:
        text = file.read_text("utf-8", "replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if _REQUIREMENT.match(line)]


def _project(requirement: str) -> str:
    match = _REQUIREMENT.match(requirement)
    return _normalized(match[1]) if match else ""


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def _is_installed(requirement: str) -> bool:
    try:
        metadata.distribution(_project(requirement))
    except (metadata.PackageNotFoundError, ValueError):
        return False
    return True
