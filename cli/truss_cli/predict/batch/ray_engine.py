"""The engine of many processes, on this machine or a cluster: Ray actors that each load the model once."""

import logging
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import ray
from ray.exceptions import RayActorError

from truss_cli.errors import ExitCode, TrussError
from truss_cli.predict.batch.lines import Lines
from truss_cli.predict.batch.ray_options import RayOptions
from truss_cli.predict.batch.record import Record, Recorder, error_line
from truss_cli.predict.batch.sink import Sink
from truss_cli.predict.batch.tally import Tally
from truss_cli.project import open_truss
from truss_cli.runtime.model.caller import Caller
from truss_cli.runtime.model.execution import EventLoop, Run, call_inline, run_in_thread, run_sync
from truss_cli.runtime.model.loader import ModelSpec, load_model
from truss_cli.runtime.model.server_environment import enter_server_environment
from truss_cli.runtime.process.context import WorkerContext

_MOST_DEATHS = 3
"""Workers that a record may take with it before it counts as failed."""
_CALL_SECONDS = 0.1
"""How long a call of a worker should take: far longer than the way to it and back."""
_MOST_LINES = 512
_IDLE_SECONDS = 0.02

Line = tuple[int, bytes]
Actor = Any  # ray's handles and references have no types


class Worker:
    """An actor: a process with the model loaded."""

    def __init__(self, spec: ModelSpec, folder: str | None, concurrency: int) -> None:
        """Prepare to load; without a folder the truss is the process's own, as shipped."""
        truss = open_truss(Path(folder) if folder else Path.cwd())
        self._spec = spec._replace(truss=truss)
        self._concurrency = concurrency
        self._recorder: Recorder | None = None
        self._loop: EventLoop | None = None

    def load(self) -> tuple[TrussError | None, float]:
        """Load the model; give the error if it fails, and the seconds it took."""
        began = time.monotonic()
        enter_server_environment(self._spec.truss)
        try:
            loaded = run_in_thread(load_model, self._spec, lambda _step: None)
        except TrussError as error:
            return error, 0.0
        self._recorder = Recorder(Caller(loaded, self._spec.reporter), self._spec.reporter)
        if self._recorder.is_async or self._concurrency > 1:
            self._loop = EventLoop(self._concurrency)
        return None, time.monotonic() - began

    def answer(self, lines: Sequence[Line]) -> list[tuple[Record, float]]:
        """Answer lines; give each record and the seconds it took."""
        if self._loop is not None:
            return self._loop.run(lambda run: self._at_once(lines, run))
        return run_in_thread(
            lambda: [run_sync(self._timed(number, line, call_inline)) for number, line in lines]
        )

    async def _at_once(self, lines: Sequence[Line], run: Run) -> list[tuple[Record, float]]:
        import asyncio  # noqa: PLC0415 - not for models without coroutines

        slots = asyncio.Semaphore(self._concurrency)

        async def in_slot(number: int, line: bytes) -> tuple[Record, float]:
            async with slots:
                return await self._timed(number, line, run)

        return await asyncio.gather(*(in_slot(number, line) for number, line in lines))

    async def _timed(self, number: int, line: bytes, run: Run) -> tuple[Record, float]:
        if self._recorder is None:
            raise RuntimeError("the model is not loaded")
        began = time.perf_counter()
        record = await self._recorder.answer(number, line, run)
        return record, time.perf_counter() - began


class _Call(NamedTuple):
    actor: Actor
    lines: Sequence[Line]
    began: float


class RayEngine:
    """Deals lines out to workers, one call each at a time, and puts the records in order again.

    A worker that dies is replaced, and its lines are done again, each by itself.
    """

    def __init__(
        self,
        spec: ModelSpec,
        options: RayOptions,
        concurrency: int,
        load_timeout: float,
        timeout: float | None,
    ) -> None:
        """Have so many lines at a time answered by each worker, with time limits in seconds."""
        self._spec = spec._replace(secrets=spec.secrets.with_environment())
        self._options = options
        self._concurrency = concurrency
        self._load_timeout = load_timeout
        self._timeout = timeout
        self._lines_per_call = concurrency
        self._todo: deque[Line] = deque()
        self._again: deque[Line] = deque()
        """Lines of workers that died."""
        self._deaths: dict[int, int] = {}
        self._done: dict[int, Record] = {}
        self._calls: dict[Actor, _Call] = {}
        self._idle: list[Actor] = []

    def run(self, lines: Lines, sink: Sink, context: WorkerContext, tally: Tally) -> None:
        """Answer all lines; raise TrussError if the model cannot be loaded."""
        self._start(context, tally)
        read: queue.Queue[list[Line]] = queue.Queue(maxsize=1)
        threading.Thread(target=_read_all, args=(lines, read), daemon=True).start()
        next_number, ended = lines.first_number, False
        tally.begin()
        context.deadline.start(self._timeout)
        context.begin("predict")
        context.deadline.stop()
        while True:
            if not self._todo and not ended and len(self._done) < self._most_ahead:
                try:
                    block = read.get(block=not self._calls and not self._again, timeout=None)
                    ended = not block
                    self._todo.extend(block)
                except queue.Empty:
                    pass
            self._submit()
            if not self._calls:
                if ended and not self._todo and not self._again:
                    return
                continue
            self._collect(context, tally, wait=_IDLE_SECONDS if not ended else None)
            while next_number in self._done:
                sink.put(self._done.pop(next_number))
                next_number += 1
            sink.flush()

    @property
    def _most_ahead(self) -> int:
        """Records that may be done before the one that is next."""
        return self._options.workers * _MOST_LINES * 4

    def _start(self, context: WorkerContext, tally: Tally) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        context.deadline.start(self._load_timeout)
        context.begin("load")
        options: dict[str, Any] = {"address": self._options.address}  # Any: as Ray types it
        if self._options.address is None:
            options = {"address": "local", "num_cpus": self._options.workers, "include_dashboard": False}
        ray.init(logging_level=logging.ERROR, runtime_env=dict(self._options.runtime_env) or None, **options)
        context.closing.append(ray.shutdown)
        actors = [self._new_actor() for _ in range(self._options.workers)]
        for error, seconds in ray.get([actor.load.remote() for actor in actors]):
            if error is not None:
                raise error
            tally.loads.append(seconds)
        self._idle = actors

    def _new_actor(self) -> Actor:
        folder = None if self._options.address else str(self._spec.truss.folder)
        remote: Any = ray.remote(Worker)  # Any: Ray's types follow neither methods nor options
        return remote.options(**self._options.resources).remote(self._spec, folder, self._concurrency)

    def _submit(self) -> None:
        while self._idle and (self._again or (self._todo and len(self._done) < self._most_ahead)):
            if self._again:
                lines = [self._again.popleft()]
            else:
                lines = [self._todo.popleft() for _ in range(min(self._share, len(self._todo)))]
            actor = self._idle.pop()
            self._calls[actor.answer.remote(lines)] = _Call(actor, lines, time.monotonic())

    @property
    def _share(self) -> int:
        """Lines for one call: no more than leave something for the other workers."""
        fair = -(-len(self._todo) // self._options.workers)
        return max(1, min(self._lines_per_call, fair))

    def _collect(self, context: WorkerContext, tally: Tally, wait: float | None) -> None:
        context.deadline.start(self._timeout)
        ready, _ = ray.wait(list(self._calls), num_returns=1, timeout=wait)
        for reference in ready:
            call = self._calls.pop(reference)
            try:
                answers = ray.get(reference)
            except RayActorError:
                self._bury(call, tally)
                continue
            self._idle.append(call.actor)
            self._adapt(len(call.lines), time.monotonic() - call.began)
            for record, seconds in answers:
                tally.time(seconds)
                self._done[record.number] = record
        context.deadline.stop()

    def _adapt(self, count: int, seconds: float) -> None:
        wanted = int(count * _CALL_SECONDS / max(seconds, 1e-6))
        least = self._concurrency
        self._lines_per_call = max(least, min(_MOST_LINES, wanted, 2 * max(count, least)))

    def _bury(self, call: _Call, tally: Tally) -> None:
        """Replace a worker that died, and have its lines done again, or give them up."""
        actor = self._new_actor()
        error, seconds = ray.get(actor.load.remote())
        if error is not None:
            raise error
        tally.loads.append(seconds)
        self._idle.append(actor)
        for number, line in call.lines:
            deaths = self._deaths[number] = self._deaths.get(number, 0) + 1
            if deaths < _MOST_DEATHS:
                self._again.append((number, line))
                continue
            message = f"line {number} has ended its worker {deaths} times"
            died = TrussError(message, exit_code=ExitCode.FAULT)
            self._done[number] = Record(number, error_line(number, died, "WorkerDied"), died)


def _read_all(lines: Lines, read: "queue.Queue[list[Line]]") -> None:
    while True:
        block = lines.read()
        read.put(block)
        if not block:
            return
