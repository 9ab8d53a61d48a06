"""Errors of a worker that the model's code may have caused without raising them itself."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.errors import ExitCode, TrussError, system_error
from truss_cli.runtime.model.calling.execution import low_recursion_limit
from truss_cli.runtime.process.stacks import OWN_FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable

_LIBRARY_FOLDERS = (OWN_FOLDER, os.path.dirname(os.__file__) + os.sep, sys.prefix + os.sep, "<frozen ")  # noqa: PTH120
"""Folders of the code of the tool, of Python and of installed packages."""


class InterpreterSettings(NamedTuple):
    """Settings of the interpreter that the model's code can change, and that affect the tool's code."""

    recursion_limit: int
    trace: Callable[..., object] | None
    profile: Callable[..., object] | None

    @classmethod
    def current(cls) -> InterpreterSettings:
        """Return the settings now in effect."""
        return cls(sys.getrecursionlimit(), sys.gettrace(), sys.getprofile())

    def restore(self) -> int | None:
        """Restore these settings, and return the recursion limit if it was lower."""
        # Nothing is called in between that is written in Python: it might be traced, or exceed the limit.
        sys.settrace(self.trace)  # type: ignore[arg-type]  # a result of `gettrace`
        sys.setprofile(self.profile)
        limit = sys.getrecursionlimit()
        if limit >= self.recursion_limit:
            return None
        sys.setrecursionlimit(self.recursion_limit)
        return limit


def unexpected_error(error: Exception, lowered_limit: int | None) -> TrussError:
    """Return the error to report: a cause outside the tool if there is evidence of one, or else a bug.

    `lowered_limit` is the recursion limit, if the model's code has lowered it.
    """
    refusal = system_error(error) if isinstance(error, OSError) else None
    if refusal is not None:
        return refusal
    if isinstance(error, MemoryError) or "can't start new thread" in str(error):
        return TrussError(
            "there is not enough memory", hint="Allow the command more memory, or more threads."
        )
    if isinstance(error, RecursionError) and lowered_limit is not None:
        return low_recursion_limit(lowered_limit)
    import traceback  # noqa: PLC0415 - for failures alone

    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119 - a name in a message
    if not last.filename.startswith(_LIBRARY_FOLDERS):
        message = f"the model's code raised {type(error).__name__} at {place}: {error}"
        return TrussError(
            message, hint="It runs inside the tool, as a trace function does.", exit_code=ExitCode.FAULT
        )
    message = f"a bug in truss: {type(error).__name__} at {place}: {error}"
    return TrussError(message, hint="Please report it.", exit_code=ExitCode.INTERNAL)
