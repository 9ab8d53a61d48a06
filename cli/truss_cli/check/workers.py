"""Checks many trusses at once, on all processors that this process may use."""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from truss_cli.check.engine import check_truss
from truss_cli.check.rule import Rule
from truss_cli.descendants import ended_with_this
from truss_cli.diagnostic import Diagnostic
from truss_cli.interrupts import END_SIGNALS

_FEWEST = 32
"""Trusses that are worth the start of other processes, which takes as long as some ten trusses do."""
_AT_ONCE = 8
"""Trusses that a process is given at once: few, so that all end at the same time."""

_rules: tuple[Rule, ...] = ()
"""The rules of a worker: forked with them, as functions cannot be sent."""


def check_trusses(folders: Sequence[Path], rules: tuple[Rule, ...]) -> Iterator[list[Diagnostic]]:
    """Yield the diagnostics of each truss, in order; other processes help where many are to be checked."""
    workers = min(_processors(), len(folders) // (_FEWEST // 2))
    done = 0
    if workers > 1 and sys.platform == "linux":  # elsewhere a process must import everything again
        for diagnostics in _by_workers(folders, rules, workers):
            done += 1
            yield diagnostics
    for folder in folders[done:]:
        yield check_truss(folder, rules)


def _by_workers(folders: Sequence[Path], rules: tuple[Rule, ...], workers: int) -> Iterator[list[Diagnostic]]:
    """Yield the diagnostics of the first trusses: of all, unless the system refuses or ends processes."""
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor  # noqa: PLC0415 - for many trusses only
    from multiprocessing import active_children, get_context  # noqa: PLC0415 - same reason

    try:
        pool = ProcessPoolExecutor(
            workers, get_context("fork"), _start, (rules, ended_with_this(signal.SIGKILL))
        )
    except (ImportError, NotImplementedError, OSError):  # no semaphores here
        return
    # Ctrl-C is sent to all processes of a terminal; those that start are not to say anything of it.
    signal.pthread_sigmask(signal.SIG_BLOCK, END_SIGNALS)
    try:
        starts = range(0, len(folders), _AT_ONCE)
        # Not `pool.map`, which cancels what the pool's thread may be failing, so that a traceback is printed.
        futures = deque(pool.submit(_check, folders[start : start + _AT_ONCE]) for start in starts)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, END_SIGNALS)
        while futures:
            yield from futures.popleft().result()
    except (BrokenExecutor, OSError):
        return
    finally:
        try:
            signal.pthread_sigmask(signal.SIG_BLOCK, END_SIGNALS)
        finally:
            for worker in active_children():  # none has work left, or nobody waits for it any more
                worker.terminate()
            pool.shutdown(cancel_futures=True)  # wholly, or Python's exit complains of it
            signal.pthread_sigmask(signal.SIG_UNBLOCK, END_SIGNALS)


def _start(rules: tuple[Rule, ...], end_with_parent: Callable[[], None]) -> None:
    global _rules  # noqa: PLW0603 - a worker has one state
    _rules = rules
    # Ended by Ctrl-C without a word, as are the programs that it runs, which inherit what is blocked.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    end_with_parent()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, END_SIGNALS)


def _check(folders: Sequence[Path]) -> list[list[Diagnostic]]:
    return [check_truss(folder, _rules) for folder in folders]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
