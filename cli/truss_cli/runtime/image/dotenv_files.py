"""Packages that look for `.env` from the folder of the code that calls them.

That folder is the user's, and the file is not in the image, where these packages continue without it.
"""

# Thousands of paths are handled as strings, without resolving links.
# ruff: noqa: PTH100, PTH123

from __future__ import annotations

import io
import os
import sys
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any

from truss_cli.runtime.image.file_access import is_denied

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.abc import Loader
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from truss_cli.deployment.stage import Stage

_MODULES = ("dotenv.main", "decouple")


class DotenvFinder:
    """Finds these packages, and lets them read an empty file instead of one that the image lacks."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find one of the packages, and leave other names to other finders."""
        if fullname not in _MODULES:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _PatchingLoader(spec.loader, self._stage)  # type: ignore[assignment]  # has its methods
        return spec


class _PatchingLoader:
    def __init__(self, loader: Loader, stage: Stage) -> None:
        self._loader = loader
        self._stage = stage

    def __getattr__(self, name: str) -> object:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Create the module as its own loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, with another `open`."""
        stage = self._stage

        def open_existing(file: Any, *arguments: Any, **options: Any) -> object:  # noqa: ANN401 - as `open`
            path = os.path.abspath(os.fsdecode(file))
            if path.startswith(stage.truss + os.sep) and is_denied(path, stage):
                name = os.path.relpath(path, stage.truss)
                sys.stderr.write(f"note: {name!a} is not copied to the image; it is not read\n")
                return io.StringIO()
            return open(file, *arguments, **options)

        module.__dict__["open"] = open_existing
        self._loader.exec_module(module)
