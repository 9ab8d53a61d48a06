"""Running the work in a child process, under a deadline, with Ctrl-C, and to its certain end."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from truss_cli.runtime.process.channel import Outcome, Phase
from truss_cli.runtime.process.lifetime.descendants import adopt_orphans, children, end_children
from truss_cli.runtime.process.standard_streams import readable
from truss_cli.runtime.process.worker_process import EXIT_SECONDS, STOP_SECONDS, WorkerProcess

if TYPE_CHECKING:
    from types import FrameType

OnPhase = Callable[[str | None], None]
Wait = Callable[[int, float], bool]


def supervise(start: Callable[[], WorkerProcess], on_phase: OnPhase, wait: Wait = readable) -> Outcome:
    """Start a worker, follow it to its end, and give its outcome.

    `on_phase` is called with what it does, and at the end None. `wait` waits so many seconds at most for a
    descriptor to be readable, and says whether it is; it may do other work meanwhile.
    Raises WorkerLostError when the deadline passes or the worker dies,
    KeyboardInterrupt on Ctrl-C, which is ignored afterwards.
    """
    spared = children()
    adopt_orphans()
    worker = start()
    try:
        return _follow(worker, on_phase, wait)
    except KeyboardInterrupt:
        worker.stop(STOP_SECONDS)
        raise
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        on_phase(None)
        worker.end(0)
        end_children(spared)
        worker.close()


def _follow(worker: WorkerProcess, on_phase: OnPhase, wait: Wait) -> Outcome:
    """Read the worker's messages until its outcome, its death or its deadline."""
    while True:
        if not wait(worker.descriptor, worker.patience()):
            worker.require_alive()
            continue
        for message in worker.receive():
            if isinstance(message, Phase):
                on_phase(message.name)
                worker.acknowledge()
            elif isinstance(message, Outcome):
                worker.end(EXIT_SECONDS)
                return message


class _Terminated(KeyboardInterrupt):
    """A signal that asks this process to end."""


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Raise on SIGTERM and SIGHUP, clean up, and only then end by that signal; in the end restore Ctrl-C."""
    received: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        raise _Terminated

    before = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGHUP)}
    interrupt = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, interrupt)
        for number, handler in before.items():
            signal.signal(number, handler)
        if received:
            signal.signal(received[0], signal.SIG_DFL)
            os.kill(os.getpid(), received[0])
