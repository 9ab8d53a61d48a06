"""Where a call spends its time: by pyinstrument if it is installed, else by the standard library."""

import importlib.util
import io
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from truss_cli.errors import TrussError
from truss_cli.packages import install_command
from truss_cli.replace_file import replace_file, require_writable

_P = ParamSpec("_P")
_T = TypeVar("_T")

HTML_SUFFIXES = (".html", ".htm")
_FUNCTIONS_SHOWN = 50


def require_profile(path: Path) -> None:
    """Raise TrussError if a profile cannot be written to the path in the format that its suffix names."""
    if path.suffix.lower() in HTML_SUFFIXES and not _has_pyinstrument():
        hint = f"Run `{install_command(['pyinstrument'])}`, or name a text file."
        raise TrussError(f"{path} needs pyinstrument, which makes profiles in HTML", hint=hint)
    try:
        require_writable(path)
    except OSError as error:
        raise TrussError(f"cannot write the profile {path}: {error.strerror}") from None


def profiled(function: Callable[_P, _T], path: Path) -> Callable[_P, _T]:
    """Return a function that does the same, and then writes where this thread has spent its time."""

    def run(*arguments: _P.args, **options: _P.kwargs) -> _T:
        call = _with_pyinstrument if _has_pyinstrument() else _with_cprofile
        return call(lambda: function(*arguments, **options), path)

    return run


def _has_pyinstrument() -> bool:
    return importlib.util.find_spec("pyinstrument") is not None


def _with_pyinstrument(function: Callable[[], _T], path: Path) -> _T:
    from pyinstrument import Profiler  # noqa: PLC0415 - optional

    profiler = Profiler(async_mode="enabled")
    profiler.start()
    try:
        return function()
    finally:
        profiler.stop()
        html = path.suffix.lower() in HTML_SUFFIXES
        replace_file(path, (profiler.output_html() if html else profiler.output_text()).encode())


def _with_cprofile(function: Callable[[], _T], path: Path) -> _T:
    import cProfile  # noqa: PLC0415 - only for a profile
    import pstats  # noqa: PLC0415

    profiler = cProfile.Profile()
    try:
        return profiler.runcall(function)
    finally:
        text = io.StringIO()
        pstats.Stats(profiler, stream=text).sort_stats("cumulative").print_stats(_FUNCTIONS_SHOWN)
        replace_file(path, text.getvalue().encode("utf-8", "backslashreplace"))
