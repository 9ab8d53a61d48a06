"""The supervisor: one worker serves; on a change another loads beside it, and takes over when it is ready."""

import contextlib
import select
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from truss_cli.descendants import (
    adopt_orphans,
    children,
    descendants,
    end_children,
    kill,
)
from truss_cli.errors import ExitCode, TrussError
from truss_cli.interrupts import allowed_interrupts, deferred_interrupts
from truss_cli.runtime.process.channel import Outcome, Phase, StatusReport
from truss_cli.runtime.process.worker_process import STOP_SECONDS, Work, WorkerLostError, WorkerProcess
from truss_cli.serve.in_flight import InFlightTable
from truss_cli.serve.task import CLOSED, FAILED, READY
from truss_cli.serve.terminal.console import Console

_MAX_LISTED = 8
"""Requests in progress that an error lists."""
_SLACK_SECONDS = 1.0
"""Time for a worker to end after the last request."""


class Watcher(Protocol):
    """Reports changed files."""

    descriptor: int

    def receive(self) -> list[str]:
        """Return their names."""

    def close(self) -> None:
        """Stop watching."""


class ServeWork(NamedTuple):
    """The work of a worker, and the table of its requests."""

    start: Work
    in_flight: InFlightTable
    close: Callable[[], None]
    """Removes the files of the worker once it has ended."""


class ServeSupervisor:
    """Runs workers until it is stopped; `new_work` returns the work of each, and may raise TrussError.

    It is told whether nobody serves yet. Without a `watcher` the first failure is raised. With one it is
    shown, and the next change is waited for.
    """

    def __init__(
        self,
        new_work: Callable[[bool], ServeWork],
        console: Console,
        watcher: Watcher | None,
        shutdown_seconds: float,
    ) -> None:
        self._new_work = new_work
        self._console = console
        self._watcher = watcher
        self._shutdown_seconds = shutdown_seconds
        self._serving: WorkerProcess | None = None
        self._loading: WorkerProcess | None = None
        self._leaving: dict[WorkerProcess, float] = {}
        """Workers that are asked to end, and when they are killed."""
        self._in_flight: dict[WorkerProcess, InFlightTable] = {}
        self._spared: set[int] = set()
        self._announcement: Mapping[str, Any] | None = None
        """What to say of the worker that serves, once the one before it is closed."""
        self._announce_by = 0.0
        """When to say it at the latest: the one before may be too busy to close."""

    def run(self) -> ExitCode:
        """Serve until KeyboardInterrupt, and raise that; raise TrussError for what cannot be served."""
        self._spared = children()
        adopt_orphans()
        with deferred_interrupts():
            try:
                with allowed_interrupts():
                    self._load()
                    while True:
                        self._step()
            except KeyboardInterrupt:
                self._finish()
                raise
            finally:
                self._end()

    def _end(self) -> None:
        """End all processes at once."""
        self._console.phase(None)
        for worker in self._workers():
            worker.end(0)
        if self._watcher:
            self._watcher.close()
        end_children(self._spared)
        for worker in self._workers():
            worker.close()

    def _workers(self) -> list[WorkerProcess]:
        return [worker for worker in (self._serving, self._loading, *self._leaving) if worker]

    def _load(self) -> None:
        """Start a worker, in place of one that is still loading."""
        self._console.phase(None)
        if self._loading:
            self._retire(self._loading, STOP_SECONDS)
            self._loading = None
        try:
            work = self._new_work(self._serving is None and not self._leaving)
        except TrussError as error:
            self._fail(error)
        else:
            self._loading = WorkerProcess(work.start, work.close)
            self._in_flight[self._loading] = work.in_flight

    def _step(self) -> None:
        """Wait for what comes next, and do what is to be done."""
        poll = select.poll()
        patience = 1.0
        for worker in self._workers():
            poll.register(worker.descriptor, select.POLLIN)
            try:
                patience = min(patience, worker.patience())
            except TrussError as late:
                self._lose(worker, late)
                return
        if self._watcher:
            poll.register(self._watcher.descriptor, select.POLLIN)
        readable = {descriptor for descriptor, _ in poll.poll(patience * 1000)}
        for worker in self._workers():
            try:
                if worker.descriptor in readable:
                    self._read_messages(worker)
                else:
                    worker.require_alive()
            except TrussError as error:
                self._lose(worker, error)
        self._end_late()
        if self._announcement and time.monotonic() > self._announce_by:
            self._announce()
        if self._watcher and self._watcher.descriptor in readable:
            changed = self._watcher.receive()
            if changed:
                self._console.changed(changed)
                self._load()

    def _read_messages(self, worker: WorkerProcess) -> None:
        for message in worker.receive():
            if isinstance(message, Phase):
                if worker is self._loading:
                    self._console.phase(message.name)
                worker.acknowledge()
            elif isinstance(message, StatusReport):
                self._handle_report(worker, message)
            elif isinstance(message, Outcome):
                self._lose(worker, message.error)
                return

    def _handle_report(self, worker: WorkerProcess, report: StatusReport) -> None:
        if report.kind == CLOSED and self._announcement:
            self._announce()
        if worker is not self._loading:
            return
        self._loading = None
        before, self._serving = self._serving, worker
        if report.kind == FAILED:
            self._console.error(TrussError(**report.values))
            self._console.say("Waiting for a change")
        elif report.kind == READY:
            worker.enter_phase("serve")
            self._announcement = report.values
            self._announce_by = time.monotonic() + _SLACK_SECONDS
            if before is None:
                self._announce()
        if before:
            self._retire(before, self._shutdown_seconds + _SLACK_SECONDS)

    def _announce(self) -> None:
        """Say that a version is ready, once the one before takes no more requests."""
        if self._announcement:
            self._console.ready(self._announcement)
        self._announcement = None

    def _retire(self, worker: WorkerProcess, seconds: float) -> None:
        worker.request_stop()
        self._leaving[worker] = time.monotonic() + seconds

    def _end_late(self) -> None:
        for worker, end in list(self._leaving.items()):
            if time.monotonic() > end:
                self._drop(worker)

    def _lose(self, worker: WorkerProcess, error: TrussError | None) -> None:
        """Go on without a worker that has ended, by an error if it was not asked to."""
        in_flight = self._in_flight.get(worker)
        if isinstance(error, WorkerLostError) and in_flight:  # its error is raised past this a second time
            error.detail = error.detail or _listed(in_flight)
        was_serving, was_leaving = worker is self._serving, worker in self._leaving
        self._drop(worker)
        if was_leaving:
            self._announce()
            return
        self._fail(error or TrussError("the server has ended", exit_code=ExitCode.FAULT))
        if was_serving and not self._loading:
            self._console.say("Starting the server again")
            self._load()

    def _fail(self, error: TrussError) -> None:
        if self._watcher is None:
            raise error
        self._console.error(error)
        self._console.say(
            "The version before serves on; waiting for a change" if self._serving else "Waiting for a change"
        )

    def _drop(self, worker: WorkerProcess) -> None:
        """End a worker and what it has started."""
        left = descendants(worker.pid)
        worker.close()
        kill(left & children())
        self._leaving.pop(worker, None)
        in_flight = self._in_flight.pop(worker, None)
        if in_flight:
            in_flight.close()
        self._serving = None if worker is self._serving else self._serving
        self._loading = None if worker is self._loading else self._loading

    def _finish(self) -> None:
        """Let requests that are under way be answered, unless Ctrl-C comes once more."""
        self._console.phase(None)
        end = time.monotonic() + self._shutdown_seconds + _SLACK_SECONDS
        workers = self._workers()
        for worker in workers:
            self._leaving.setdefault(worker, end)
            worker.request_stop()
        self._serving = self._loading = None
        said = False
        began = time.monotonic()
        with contextlib.suppress(KeyboardInterrupt), allowed_interrupts():
            while self._leaving:
                poll = select.poll()
                for worker in self._leaving:
                    poll.register(worker.descriptor, select.POLLIN)
                readable = {descriptor for descriptor, _ in poll.poll(100)}
                for worker in [worker for worker in self._leaving if worker.descriptor in readable]:
                    try:
                        self._read_messages(worker)
                    except TrussError:
                        self._drop(worker)
                self._end_late()
                if not said and self._leaving and time.monotonic() - began > _SLACK_SECONDS:
                    said = True
                    self._console.say("Finishing the requests under way; Ctrl-C again to stop at once")


def _listed(in_flight: InFlightTable) -> str | None:
    """Return the requests in progress as the detail of an error."""
    requests = in_flight.requests()
    lines = [f"  {request.text}, for {request.seconds:.2f} s\n" for request in requests[:_MAX_LISTED]]
    if len(requests) > _MAX_LISTED:
        lines.append(f"  and {len(requests) - _MAX_LISTED} more\n")
    return "Requests in progress:\n" + "".join(lines) if lines else None
