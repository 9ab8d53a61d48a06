"""Prints the modules and public names of the standard library of the Python that runs it, as JSON.

Its input is JSON: names by module that are tried as well, since some exist only in a module's `__getattr__`.
Runs on Python 3.8.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import pkgutil
import sys
import sysconfig
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

# Importing these has effects, or takes long.
SKIPPED = {"antigravity", "idlelib", "lib2to3", "test", "this", "turtledemo", "__phello__", "pip"}


def top_level_modules() -> set[str]:
    """Return the names of the top-level modules."""
    if hasattr(sys, "stdlib_module_names"):
        return set(sys.stdlib_module_names)
    folders = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    folders += [str(Path(folder, "lib-dynload")) for folder in folders]
    return {module.name for module in pkgutil.iter_modules(folders)} | set(sys.builtin_module_names)


def submodules(package: ModuleType) -> Iterator[str]:
    """Yield the names of all modules in a package, without importing those skipped."""
    for module in pkgutil.iter_modules(getattr(package, "__path__", ())):
        name = f"{package.__name__}.{module.name}"
        if not module.name.startswith(("__", "test", "tests")):
            yield name
            inner = import_module(name) if module.ispkg else None
            if inner is not None:
                yield from submodules(inner)


def import_module(name: str) -> ModuleType | None:
    """Import a module, or return None where that fails."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            return importlib.import_module(name)
        except (Exception, SystemExit):  # noqa: BLE001 - some modules need libraries that are not installed
            return None


def names(module: ModuleType, candidates: Iterable[str]) -> list[str]:
    """Return the public names of a module, and those candidates that it has as well."""
    module_names = {*dir(module), *vars(module), *getattr(module, "__all__", ())}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module_names |= {name for name in candidates if hasattr(module, name)}
    return sorted(name for name in module_names if not name.startswith("_"))


def main() -> None:
    """Print the modules and their names."""
    candidates = json.load(sys.stdin)
    all_candidates = set().union(*candidates.values())
    modules = top_level_modules()
    names_by_module = {}
    for top in sorted(modules - SKIPPED):
        module = import_module(top)
        children = list(submodules(module)) if module is not None else []
        modules.update(children)
        for name in (top, *children, *(["os.path"] if top == "os" else ())):
            module = import_module(name)
            if module is not None and not name.startswith("_"):
                names_by_module[name] = names(
                    module, all_candidates if hasattr(module, "__getattr__") else candidates.get(name, ())
                )
    sys.stdout.write(json.dumps({"modules": sorted(modules), "names": names_by_module}))
    sys.stdout.flush()
    os._exit(0)  # imported modules may have started threads


if __name__ == "__main__":
    main()
