"""Bounds on what a user's template may cost."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

_MOST_BITS = 1 << 16
_MOST_ITEMS = 1 << 24


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


class BoundedEnvironment(SandboxedEnvironment):
    """Jinja's sandbox, in which no single operation takes much time or memory either."""

    intercepted_binops = frozenset(("*", "**"))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401 - as Jinja types it
        """Calculate, unless the result would be huge."""
        if operator == "**" and isinstance(left, int) and isinstance(right, int):
            _require(left.bit_length() * right <= _MOST_BITS)
        if operator == "*" and not all(isinstance(value, int | float) for value in (left, right)):
            _require(_size(left) * _size(right) <= _MOST_ITEMS)
        return super().call_binop(context, operator, left, right)

    def call(self, context: Any, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Call, unless a text would be filled up to a huge width."""
        if getattr(function, "__name__", "") in ("center", "ljust", "rjust", "zfill", "expandtabs"):
            _require(all(not isinstance(argument, int) or argument <= _MOST_ITEMS for argument in args))
        return super().call(context, function, *args, **kwargs)


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
