"""Code objects with the paths of the user's files, so that tracebacks and breakpoints name those."""

from __future__ import annotations

import os
from importlib.machinery import SourceFileLoader
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from truss_cli.deployment.stage import Stage


def show_source_paths(stage: Stage) -> Callable[[], None]:
    """Compile modules of the stage under their paths in the truss; return a function that ends that.

    `__file__` remains the path in the stage.
    """
    compile_source: Any = SourceFileLoader.source_to_code  # Any: typeshed omits its later parameters

    def source_to_code(
        self: SourceFileLoader,
        data: bytes,
        path: str | bytes | os.PathLike[str],
        *arguments: Any,  # noqa: ANN401 - differ between versions of Python
        **options: Any,  # noqa: ANN401 - as above
    ) -> object:
        """Compile the source of a module."""
        source = stage.source_of(os.fsdecode(path))
        return compile_source(self, data, source, *arguments, **options)

    def undo() -> None:
        SourceFileLoader.source_to_code = compile_source  # type: ignore[method-assign]  # as it was

    SourceFileLoader.source_to_code = source_to_code  # type: ignore[method-assign,assignment]  # see above
    return undo
