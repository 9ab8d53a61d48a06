"""The end of the worker on the supervisor's request."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from truss_cli.interrupts import repeat_if_ignored

if TYPE_CHECKING:
    from types import FrameType

STOP_SIGNAL = signal.SIGUSR1
"""Asks the worker to clean up and end."""

_requested: list[int] = []


class StopRequestedError(KeyboardInterrupt):
    """Raised in the worker's main thread, whatever runs there."""


def stop_on_request() -> None:
    """Raise StopRequestedError in this, the main thread, when `STOP_SIGNAL` comes for the first time."""
    signal.signal(STOP_SIGNAL, _stop)
    repeat_if_ignored(StopRequestedError, _repeat)


def stop_requested() -> bool:
    """Whether this worker was asked to clean up and end."""
    return bool(_requested)


def raise_in_thread(thread: int) -> None:
    """Raise StopRequestedError in another thread, once it runs Python code again."""
    import ctypes  # noqa: PLC0415 - rarely needed

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(StopRequestedError))


def is_stop(raised: BaseException) -> bool:
    """Whether an exception comes of the request, by being cancelled perhaps, and not of the model's code."""
    return bool(_requested) or isinstance(raised, StopRequestedError)


def _repeat() -> None:
    _requested.clear()
    os.kill(os.getpid(), STOP_SIGNAL)


def _stop(number: int, _frame: FrameType | None) -> None:
    if not _requested:
        _requested.append(number)
        raise StopRequestedError
