"""Processes that this process has started: none outlives a command where the system lists them."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_PATIENCE_SECONDS = 0.3


def adopt_orphans() -> None:
    """Become the parent of descendants whose parent ends (Linux only)."""
    prctl = _prctl()
    if prctl is not None:
        prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def ended_with_this(number: int = signal.SIGTERM) -> Callable[[], None]:
    """Return a function that a fork calls to receive a signal when this process ends (Linux only).

    Everything is imported before the fork, which may have locks that threads of this process hold.
    """
    prctl, parent = _prctl(), os.getpid()

    def prepare() -> None:
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
            if os.getppid() != parent:  # it has ended before the line above
                os.kill(os.getpid(), number)

    return prepare


def children() -> set[int]:
    """Return the processes whose parent is this one; none where there is no /proc."""
    pids: set[int] = set()
    for task in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            pids.update(map(int, task.read_text().split()))
    return pids


def descendants(pid: int) -> set[int]:
    """Return the children of a process, their children, and so on; none where there is no /proc."""
    pids: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text().split()):
                pids |= {child, *descendants(child)}
    return pids


def kill(processes: set[int]) -> None:
    """Kill children of this process, and wait for them."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(process, signal.SIGKILL)
    for process in processes:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process, 0)


def end_children(excluded: set[int]) -> None:
    """Kill all children except the given ones, then their orphans, until there are none."""
    patience = time.monotonic() + _PATIENCE_SECONDS
    while (remaining := children() - excluded) and time.monotonic() < patience:
        for child in remaining:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)
        for child in remaining:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, os.WNOHANG)
        time.sleep(0.001)


@functools.cache
def _prctl() -> Callable[[int, int, int, int, int], int] | None:
    if sys.platform != "linux":
        return None
    import ctypes  # noqa: PLC0415 - only here

    try:
        return ctypes.CDLL(None).prctl
    except (OSError, AttributeError):
        return None
