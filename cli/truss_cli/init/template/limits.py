"""Bounds on what a user's template may cost."""

import contextlib
import functools
import re
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

_MOST_BITS = 1 << 16
_MOST_ITEMS = 1 << 24
_PADDING_FILTERS = ("batch", "center", "indent", "slice", "truncate", "wordwrap")
_PADDING_METHODS = ("center", "ljust", "rjust", "zfill", "expandtabs")
_WIDE_FORMAT = re.compile(r"[1-9][0-9]{7}")


class TemplateTimeoutError(Exception):
    """The time was up."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TemplateTimeoutError in what runs after so many seconds, pattern matching included.

    Only in the main thread, and where the system has timers.
    """
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TemplateTimeoutError(f"it takes longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def memory_limit(size: int) -> Iterator[None]:
    """Raise MemoryError in code that needs more than `size` additional bytes; only on Linux."""
    try:
        import resource  # noqa: PLC0415 - not on Windows

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * resource.getpagesize() + size
    if soft != resource.RLIM_INFINITY:
        limit = min(limit, soft)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class BoundedEnvironment(SandboxedEnvironment):
    """Jinja's sandbox, in which no single operation takes much time or memory either."""

    intercepted_binops = frozenset(("*", "**", "%"))

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - as Jinja types them
        super().__init__(**options)
        for name in _PADDING_FILTERS:
            self.filters[name] = _with_bounded_numbers(self.filters[name])
        self.filters["format"] = _with_bounded_format(self.filters["format"])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401 - as Jinja types it
        """Calculate, unless the result would be huge."""
        if operator == "**" and isinstance(left, int) and isinstance(right, int):
            _require(left.bit_length() * right <= _MOST_BITS)
        if operator == "*" and not all(isinstance(value, int | float) for value in (left, right)):
            _require(_size(left) * _size(right) <= _MOST_ITEMS)
        if operator == "%" and isinstance(left, str):
            _require_narrow_format(left, right if isinstance(right, tuple) else (right,))
        return super().call_binop(context, operator, left, right)

    def call(self, context: Any, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Call, unless a text would be filled up to a huge width."""
        name = getattr(function, "__name__", "")
        if name in _PADDING_METHODS:
            _require_small((*args, *kwargs.values()))
        if name in ("format", "format_map"):
            _require_narrow_format(str(getattr(function, "__self__", "")), ())
        return super().call(context, function, *args, **kwargs)


def _with_bounded_numbers(function: Callable[..., Any]) -> Callable[..., Any]:  # Any: as Jinja types filters
    @functools.wraps(function)
    def bounded(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as above
        _require_small((*args, *kwargs.values()))
        return function(*args, **kwargs)

    return bounded


def _with_bounded_format(function: Callable[..., Any]) -> Callable[..., Any]:  # Any: as above
    @functools.wraps(function)
    def bounded(value: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as above
        _require_narrow_format(str(value), args)
        return function(value, *args, **kwargs)

    return bounded


def _require_narrow_format(text: str, values: Sequence[object]) -> None:
    _require(not _WIDE_FORMAT.search(text))
    if "*" in text:
        _require_small(values)


def _require_small(values: Sequence[object]) -> None:
    _require(all(not isinstance(value, int) or abs(value) <= _MOST_ITEMS for value in values))


def _require(condition: bool) -> None:  # noqa: FBT001 - as `assert` takes it
    if not condition:
        raise SecurityError("the result would be too large")


def _size(value: object) -> int:
    """Return how many items a sequence has, or how often a number repeats one."""
    if isinstance(value, int):
        return max(1, value)
    try:
        return max(1, len(value))  # type: ignore[arg-type]  # what has no length raises
    except TypeError:
        return 1
