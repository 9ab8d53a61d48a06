"""Running the work in a child process, under a deadline, to its end or an interrupt."""

from __future__ import annotations

from collections.abc import Callable

from truss_cli.descendants import adopt_orphans, children, end_children
from truss_cli.interrupts import allowed_interrupts, deferred_interrupts
from truss_cli.runtime.process.channel import Outcome, Phase
from truss_cli.runtime.process.standard_streams import readable
from truss_cli.runtime.process.worker_process import EXIT_SECONDS, STOP_SECONDS, WorkerProcess

OnPhase = Callable[[str | None], None]
Wait = Callable[[int, float], bool]


def supervise(start: Callable[[], WorkerProcess], on_phase: OnPhase, wait: Wait = readable) -> Outcome:
    """Start a worker, follow it to its end, and give its outcome.

    `on_phase` is called with what it does, and at the end None. `wait` waits so many seconds at most for a
    descriptor to be readable, and says whether it is; it may do other work meanwhile.
    Raises WorkerLostError when the deadline passes or the worker dies, and KeyboardInterrupt
    on a signal that ends the command, once the worker and its descendants have ended.
    """
    spared = children()
    adopt_orphans()
    with deferred_interrupts():
        worker = start()
        try:
            with allowed_interrupts():
                return _follow(worker, on_phase, wait)
        except KeyboardInterrupt:
            worker.stop(STOP_SECONDS)
            raise
        finally:
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
