"""What surrounds the model's code in the server's process: folder, import path, environment variables."""

from __future__ import annotations

import contextlib
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from typing import TYPE_CHECKING

from truss_cli.contract.defaults import DATA_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import ModuleType

    from truss_cli.project import Truss


def enter_server_environment(truss: Truss) -> None:
    """Make this process look to the model like the server's, whose folder is the truss.

    The folder of the script that runs is not on the server's path, nor are the
    command's arguments the server's.
    """
    folder = truss.folder
    packages = [str(path.resolve()) for path in truss.package_folders if path.is_dir()]
    os.chdir(folder)
    os.environ.update(environment_variables(truss))
    if not getattr(sys.flags, "safe_path", sys.flags.isolated) and sys.path:
        del sys.path[0]
    sys.path[:] = [str(folder), *sys.path, *packages]
    sys.path_importer_cache.clear()
    sys.meta_path.insert(sys.meta_path.index(PathFinder), _RootFinder(folder, truss.module_folder))
    sys.argv = [str(folder / "main.py")]
    sys.dont_write_bytecode = True


class _RootFinder:
    """Hides what lies in the truss's folder but not in the server's, such as `packages` and root modules."""

    def __init__(self, folder: Path, module_folder: str) -> None:
        self._folder = str(folder)
        shown = {module_folder.partition("/")[0], DATA_FOLDER}
        self._hidden = {path.stem for path in folder.iterdir()} - shown

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a hidden name in all other folders of the path, and leave other names to others."""
        if path is not None or name not in self._hidden:
            return None
        spec = PathFinder.find_spec(name, [entry for entry in sys.path if entry != self._folder], target)
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return spec


def environment_variables(truss: Truss) -> dict[str, str]:
    """Return what config.yaml sets in the server's environment."""
    variables = truss.values.get("environment_variables")
    if not isinstance(variables, dict):
        return {}
    return {str(name): _text(value) for name, value in variables.items()}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@contextlib.contextmanager
def data_folder(path: Path) -> Iterator[None]:
    """Let the folder exist while the model runs: a model may list it or write to it without making it.

    If it was not there and is empty in the end, it goes again, so that the truss is left as it was.
    """
    try:
        path.mkdir()
    except OSError:
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.rmdir()
