"""Notes on environment variables that a model reads, and that only the developer's shell sets."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from truss_cli.deployment.variables import configured_variables, is_image_variable
from truss_cli.display import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from truss_cli.project import Truss

_BETWEEN = frozenset({"os", "_collections_abc", "collections.abc"})
"""Modules whose frames are between the code that reads a variable and the mapping."""


def note_variables(
    truss: Truss, run_variables: Collection[str], folders: tuple[str, ...]
) -> Callable[[], None]:
    """Note on stderr, once a name, the variables of the shell that code in the folders reads.

    Return a function that ends that. `run_variables` are set for the run. Nothing is noted with a
    `base_image`, whose variables are unknown.
    """
    if truss.values.get("base_image"):
        return lambda: None
    settings = {*configured_variables(truss), *run_variables}
    unknown = {name for name in os.environ if name not in settings and not is_image_variable(name)}
    environ_class = type(os.environ)

    class NotingEnviron(environ_class):  # type: ignore[misc,valid-type]  # a class at run time
        """The environment, which notes reads of some variables."""

        def __getitem__(self, name: str) -> str:
            value: str = super().__getitem__(name)
            if name in unknown and _is_read_by(name, folders):
                unknown.discard(name)
                note = f"note: {visible(name)} comes from your shell; a deployment will not have it\n"
                sys.stderr.write(note)
            return value

        def __setitem__(self, name: str, value: str) -> None:
            unknown.discard(name)
            super().__setitem__(name, value)

    def undo() -> None:
        os.environ.__class__ = environ_class

    os.environ.__class__ = NotingEnviron
    return undo


def _is_read_by(name: str, folders: tuple[str, ...]) -> bool:
    """Return whether a file in the folders reads a variable, by a name that its code has as a literal."""
    frame = sys._getframe(2)  # noqa: SLF001 - the documented way to a frame
    while frame.f_back is not None and frame.f_globals.get("__name__") in _BETWEEN:
        frame = frame.f_back
    code = frame.f_code
    return code.co_filename.startswith(folders) and name in code.co_consts
