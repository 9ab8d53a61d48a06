"""Signals that end a command: SIGINT, SIGTERM and SIGHUP all raise KeyboardInterrupt."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

from truss_cli.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_TERMINATING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
END_SIGNALS = (signal.SIGINT, *_TERMINATING)
"""Signals by which a person, a process manager or a closed terminal ends a command."""
_SHELL_OFFSET = 128
"""Added to the number of a signal in the exit code of a process that it ended, as shells report it."""
_REPEAT_SECONDS = 1.0
"""Process managers and closing terminals send several signals in a row, which are one request."""


_AGAIN_SECONDS = 0.01
"""Enough for Python to leave the code in which it ignores exceptions."""


class _SignalState:
    """The signals of this process."""

    def __init__(self) -> None:
        self.before: dict[int, Any] = {}  # Any: as `signal` types handlers
        self.terminated_by: int | None = None
        self.last_termination = float("-inf")
        self.deferring = False
        self.deferred: int | None = None


_state = _SignalState()


def raise_end_signals() -> None:
    """Raise KeyboardInterrupt in the main thread on the signals that end a command, for its cleanup to run.

    A signal that is ignored, as by `nohup`, stays ignored. Forks of this process handle signals as
    it did before. After cleanup the process ends by the signal, except for SIGINT.
    """
    default = (signal.SIG_DFL, signal.default_int_handler)
    for number in END_SIGNALS:
        if signal.getsignal(number) in default:
            _state.before[number] = signal.signal(number, _handle)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_restore)
    repeat_if_ignored(KeyboardInterrupt, _repeat)
    atexit.register(_end_by_signal)  # before all others, to run after them


def repeat_if_ignored(exception: type[BaseException], repeat: Callable[[], None]) -> None:
    """Call `repeat` soon after Python has ignored an exception, as in finalizers and callbacks of a fork."""
    before = sys.unraisablehook

    def handle_ignored(arguments: sys.UnraisableHookArgs) -> None:
        if issubclass(arguments.exc_type, exception):
            import threading  # noqa: PLC0415 - rarely needed

            threading.Timer(_AGAIN_SECONDS, repeat).start()
        else:
            before(arguments)

    sys.unraisablehook = handle_ignored


def restore_end_signals() -> None:
    """Let further signals end the process at once: it is about to end anyway."""
    for number in _state.before:
        signal.signal(number, signal.SIG_DFL)


def interrupted_code() -> int:
    """Return the exit code of a command that was ended by a signal."""
    number = _state.terminated_by
    return ExitCode.INTERRUPTED if number is None else _SHELL_OFFSET + number


@contextlib.contextmanager
def deferred_interrupts() -> Iterator[None]:
    """Complete a step that must not be cut short; raise KeyboardInterrupt after it if a signal arrived."""
    before = _state.deferring
    _state.deferring = True
    try:
        yield
    finally:
        _state.deferring = before
        _raise_deferred()


@contextlib.contextmanager
def allowed_interrupts() -> Iterator[None]:
    """Raise KeyboardInterrupt again, in a part of a step that otherwise must not be cut short."""
    before = _state.deferring
    _state.deferring = False
    try:
        _raise_deferred()
        yield
    finally:
        _state.deferring = before


def _raise_deferred() -> None:
    number = _state.deferred
    if number is not None and not _state.deferring:
        _state.deferred = None
        _raise(number)


def _handle(number: int, _frame: FrameType | None) -> None:
    if _state.deferring:
        if _state.deferred is None:
            _state.deferred = number
    else:
        _raise(number)


def _repeat() -> None:
    _state.last_termination = float("-inf")
    os.kill(os.getpid(), _state.terminated_by or signal.SIGINT)


def _raise(number: int) -> None:
    if number in _TERMINATING:
        now, before = time.monotonic(), _state.last_termination
        _state.last_termination = now
        _state.terminated_by = _state.terminated_by or number
        if now - before < _REPEAT_SECONDS:
            return
    raise KeyboardInterrupt


def _restore() -> None:
    """Handle signals in a fork as before, except where another handler has been set since."""
    global _state  # noqa: PLW0603 - a process has one state
    for number, handler in _state.before.items():
        if signal.getsignal(number) is _handle:
            signal.signal(number, handler)
    _state = _SignalState()


def _end_by_signal() -> None:
    """End by the signal that was received, for the parent process to see; as process 1 it has no effect."""
    if _state.terminated_by is not None:
        signal.signal(_state.terminated_by, signal.SIG_DFL)
        os.kill(os.getpid(), _state.terminated_by)
