"""The program that a worker in another Python runs: this package by its path, and nothing beside it.

It runs with `python -I bootstrap.py DESCRIPTOR...`, so that no folder but that Python's own is on the path.
"""

import importlib
import importlib.util
import os
import sys


def _register_package(folder: str) -> None:
    """Import this package by its folder: what is installed beside it stays out of reach."""
    name = os.path.basename(folder)  # noqa: PTH119 - pathlib takes a while to import
    spec = importlib.util.spec_from_file_location(
        name,
        os.path.join(folder, "__init__.py"),  # noqa: PTH118 - see above
        submodule_search_locations=[folder],
    )
    package = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]  # there is a loader for .py files
    sys.modules[name] = package
    spec.loader.exec_module(package)  # type: ignore[union-attr]  # as above


if __name__ == "__main__":
    _folder = os.path.abspath(__file__)  # noqa: PTH100 - see above
    for _ in range(4):
        _folder = os.path.dirname(_folder)  # noqa: PTH120 - see above
    _register_package(_folder)
    importlib.import_module("truss_cli.garbage").pause_collection()  # until the model is imported
    importlib.import_module("truss_cli.runtime.process.interpreter.task").run(*map(int, sys.argv[1:]))
