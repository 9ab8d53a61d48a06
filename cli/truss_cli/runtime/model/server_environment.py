"""What surrounds the model's code in the server's process: folder, import path, environment variables."""

from __future__ import annotations

import contextlib
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from typing import TYPE_CHECKING

from truss_cli.contract.defaults import DATA_FOLDER
from truss_cli.deployment.stage import StagedTruss
from truss_cli.deployment.variables import configured_variables
from truss_cli.file_lock import is_locked, wait_to_share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    from truss_cli.project import Truss

_MARK = "user.truss-cli.temporary"
"""Extended attribute of a data folder that a run has created."""
_SERVER_MODULES = frozenset({"_truss_common", "_truss_shared", "main", "model_wrapper", "truss_server"})
"""Modules in the server's folder, which is first on its import path (measured)."""


def enter_server_environment(truss: Truss, variables: Mapping[str, str]) -> None:
    """Make this process look to the model like the server's, whose folder is that of the truss.

    The folder of the script that runs is not on the server's path, nor are the
    command's arguments the server's. `variables` override those of config.yaml.
    """
    folder = truss.folder
    packages = [path.resolve() for path in truss.package_folders if path.is_dir()]
    if not getattr(sys.flags, "safe_path", sys.flags.isolated) and sys.path:
        del sys.path[0]
    if isinstance(truss, StagedTruss):
        from truss_cli.runtime.image.search_path import without_truss  # noqa: PLC0415 - only with a stage

        sys.path[:] = without_truss(sys.path, truss.stage)
        os.environ["PWD"] = str(folder)
    else:
        finder = _RootFinder(folder, truss.module_folder)
        sys.meta_path.insert(sys.meta_path.index(PathFinder), finder)
    server_modules = _ServerModuleFinder(packages)
    if server_modules.names:
        sys.meta_path.insert(0, server_modules)
    os.chdir(folder)
    os.environ.update({**configured_variables(truss), **variables})
    sys.path[:] = [str(folder), *sys.path, *map(str, packages)]
    sys.path_importer_cache.clear()
    sys.argv = [str(folder / "main.py")]
    sys.dont_write_bytecode = True


class _ServerModuleFinder:
    """Refuses modules of the packages that have the name of a module of the server, which hides them."""

    def __init__(self, folders: Sequence[Path]) -> None:
        names = {path.name.partition(".")[0] for folder in folders for path in folder.iterdir()}
        self.names = names & _SERVER_MODULES

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse such a name, and leave other names to other finders."""
        del target
        if path is None and name in self.names:
            raise ImportError(
                f"the server has a module {name!r}, which hides the one in the packages", name=name
            )
        return None


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


@contextlib.contextmanager
def data_folder(path: Path) -> Iterator[None]:
    """Let the folder exist while the model runs: a model may list it or write to it without creating it.

    If it is missing and still empty afterwards, it is removed, so that the truss is left as it was:
    by the last of the runs that use it at the same time, or by the next run if this one is killed.
    """
    with contextlib.ExitStack() as undo:
        if _is_temporary(path):
            undo.callback(_remove_unused, path)
            with contextlib.suppress(OSError):
                _share(path, undo)
        yield


def _is_temporary(path: Path) -> bool:
    """Return whether a folder is missing, or was created by a run that uses it or was killed."""
    try:
        return is_locked(path) or (hasattr(os, "listxattr") and _MARK in os.listxattr(path))
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _share(path: Path, undo: contextlib.ExitStack) -> None:
    """Create a folder unless another run has, and lock it for as long as it is used."""
    while True:
        path.mkdir(exist_ok=True)
        descriptor = os.open(path, os.O_RDONLY)
        undo.callback(os.close, descriptor)
        wait_to_share(descriptor)
        with contextlib.suppress(OSError, AttributeError):  # not on all file systems, nor on macOS
            os.setxattr(path, _MARK, b"")
        if os.fstat(descriptor).st_nlink:  # else another run has just removed it
            break


def _remove_unused(path: Path) -> None:
    """Remove a folder if it is empty and no other run has locked it."""
    with contextlib.suppress(OSError):
        if not is_locked(path):
            path.rmdir()
