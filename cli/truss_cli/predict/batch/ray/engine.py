"""The engine of many processes: lines are dealt out to workers of Ray, and the answers put in order again."""

import queue
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

import ray
from ray.exceptions import GetTimeoutError, RayActorError, RayError

from truss_cli.errors import ExitCode, TrussError
from truss_cli.predict.batch.ray.cluster import connect, free_resources, require_resources
from truss_cli.predict.batch.ray.options import RayOptions
from truss_cli.predict.batch.ray.worker import Worker
from truss_cli.predict.batch.record import Answer, Failure
from truss_cli.predict.batch.tally import Latencies
from truss_cli.predict.batch.traffic.answers import AnswerWriter
from truss_cli.predict.batch.traffic.lines import Line, Lines
from truss_cli.quantities import format_duration
from truss_cli.runtime.model.loader import ModelSpec
from truss_cli.runtime.process.context import WorkerContext

_MOST_DEATHS = 3
"""Workers that a line may take with it, a node's loss being no fault of the line's."""
_CALL_SECONDS = 0.1
"""How long a call of a worker should take: far longer than the way to it and back."""
_MOST_LINES = 512
_START_SECONDS = 60.0
"""Least time for a worker to be placed and started, before the model's own time begins."""
_LOOK_SECONDS = 0.1
_ASK_SECONDS = 3.0
"""Time for a worker to say what it does; one that is stuck in C code cannot."""

Actor = Any  # ray's handles and references have no types


class _Call(NamedTuple):
    actor: Actor
    step: str
    """What the worker does: `start`, `load` or `answer`."""
    lines: Sequence[Line]
    began: float


class RayEngine:
    """Has each worker answer one call at a time; of one that dies or is late, lines are repeated singly."""

    def __init__(  # noqa: PLR0913, PLR0917 - each bounds something else
        self,
        spec: ModelSpec,
        options: RayOptions,
        concurrency: int,
        max_restarts: int,
        load_timeout: float,
        timeout: float | None,
    ) -> None:
        """Have so many lines at a time answered by each worker, with time limits in seconds."""
        self._spec = spec._replace(secrets=spec.secrets.with_environment())
        self._options = options
        self._concurrency = concurrency
        self._max_restarts = max_restarts
        self._load_timeout = load_timeout
        self._timeout = timeout
        self._lines_per_call = concurrency
        self._todo: deque[Line] = deque()
        self._again: deque[Line] = deque()
        """Lines of workers that were lost."""
        self._deaths: dict[int, int] = {}
        self._lost_in_a_row = 0
        """Lines, without an answer between, that have cost their worker."""
        self._done: dict[int, Answer] = {}
        self._calls: dict[Actor, _Call] = {}
        self._idle: list[Actor] = []
        self._latencies = Latencies()
        self._loads: list[float] = []

    def run(self, lines: Lines, out: AnswerWriter, context: WorkerContext, latencies: Latencies) -> None:
        """Answer all lines; raise TrussError without a cluster, room in it, or a model that can be loaded."""
        self._latencies = latencies
        context.begin("load")
        context.closing.append(connect(self._options))
        require_resources(self._options)
        for _ in range(self._options.workers):
            self._start_worker()
        while any(call.step != "answer" for call in self._calls.values()):
            self._collect(_LOOK_SECONDS)
        context.begin("predict")
        next_number = lines.next_number
        read: queue.Queue[list[Line]] = queue.Queue(maxsize=1)
        threading.Thread(target=_read_all, args=(lines, read), daemon=True).start()
        ended = False
        while not out.stopped:
            if not self._todo and not ended and len(self._done) < self._most_ahead:
                ended = self._read(read)
            self._submit()
            answering = any(call.step == "answer" for call in self._calls.values())
            if ended and not (self._todo or self._again or answering):
                break
            if self._calls:
                self._collect(_LOOK_SECONDS if ended or len(self._done) >= self._most_ahead else 0.02)
            while next_number in self._done and not out.stopped:
                out.begin(next_number)
                out.put(self._done.pop(next_number))
                next_number += 1
        context.stopwatch.stats.update(
            {f"worker_{index}_load_seconds": seconds for index, seconds in enumerate(self._loads, 1)}
        )

    @property
    def _most_ahead(self) -> int:
        """Records that may be done before the one that is next."""
        return self._options.workers * _MOST_LINES * 4

    def _read(self, read: "queue.Queue[list[Line]]") -> bool:
        """Take lines that were read, waiting with nothing else to do; return whether they have ended."""
        try:
            block = read.get(block=not self._calls and not self._again)
        except queue.Empty:
            return False
        self._todo.extend(block)
        return not block

    def _call(self, actor: Actor, step: str, lines: Sequence[Line] = ()) -> None:
        method = {"start": "ready", "load": "load", "answer": "answer"}[step]
        reference = getattr(actor, method).remote(*([lines] if step == "answer" else []))
        self._calls[reference] = _Call(actor, step, lines, time.monotonic())

    def _start_worker(self) -> None:
        folder = None if self._options.address else str(self._spec.truss.folder)
        remote: Any = ray.remote(Worker)  # Any: Ray's types follow neither methods nor options
        options = remote.options(max_concurrency=2, **self._options.resources)
        self._call(options.remote(self._spec, folder, self._concurrency), "start")

    def _submit(self) -> None:
        while self._idle and (self._again or (self._todo and len(self._done) < self._most_ahead)):
            if self._again:
                lines = [self._again.popleft()]
            else:
                lines = [self._todo.popleft() for _ in range(min(self._share, len(self._todo)))]
            self._call(self._idle.pop(), "answer", lines)

    @property
    def _share(self) -> int:
        """Lines for one call: no more than leave something for the other workers."""
        fair = -(-len(self._todo) // self._options.workers)
        return max(1, min(self._lines_per_call, fair))

    def _collect(self, seconds: float) -> None:
        ready, _ = ray.wait(list(self._calls), num_returns=1, timeout=seconds)
        for reference in ready:
            call = self._calls.pop(reference)
            try:
                self._take(call, ray.get(reference))
            except RayError as error:
                self._bury(call, error)
        for reference, call in [*self._calls.items()]:
            self._require_in_time(reference, call)

    def _take(self, call: _Call, result: Any) -> None:  # noqa: ANN401 - of each step its own
        if call.step == "start":
            self._call(call.actor, "load")
        elif call.step == "load":
            error, seconds = result
            if error is not None:
                raise error
            self._loads.append(seconds)
            self._idle.append(call.actor)
        else:
            self._idle.append(call.actor)
            self._lost_in_a_row = 0
            self._adapt(len(call.lines), time.monotonic() - call.began)
            for (number, _), (answer, seconds) in zip(call.lines, result, strict=True):
                self._latencies.add(seconds)
                self._done[number] = answer

    def _adapt(self, count: int, seconds: float) -> None:
        wanted = int(count * _CALL_SECONDS / max(seconds, 1e-6))
        least = self._concurrency
        self._lines_per_call = max(least, min(_MOST_LINES, wanted, 2 * max(count, least)))

    def _bury(self, call: _Call, error: RayError) -> None:
        """Replace a worker that died, its lines done again or given up; raise if it had not loaded."""
        if call.step != "answer" or not isinstance(error, RayActorError):
            raise _failed(call.step, error) from None
        for number, line in call.lines:
            deaths = self._deaths[number] = self._deaths.get(number, 0) + 1
            if deaths < _MOST_DEATHS:
                self._again.append((number, line))
            else:
                self._fail(
                    Failure(number, "WorkerDied", f"line {number} has ended its worker {deaths} times")
                )
        self._start_worker()

    def _require_in_time(self, reference: Actor, call: _Call) -> None:
        seconds = time.monotonic() - call.began
        if call.step != "answer":
            least = _START_SECONDS if call.step == "start" else 0.0
            if seconds > max(self._load_timeout, least):
                raise self._late_to_load(call)
            return
        if (
            not self._timeout
            or seconds <= self._timeout
            or (len(call.lines) > 1 and not self._is_late(call.actor))
        ):
            return
        stack = self._asked(call.actor.stack)
        ray.kill(call.actor)
        del self._calls[reference]
        if len(call.lines) > 1:
            self._again.extend(call.lines)
        else:
            message = f"`predict` took longer than {format_duration(self._timeout)}"
            hint = "Allow more time with `--predict-timeout`."
            self._fail(Failure(call.lines[0][0], "TimeoutError", message, hint, stack, ExitCode.TIMEOUT))
        self._start_worker()

    def _is_late(self, actor: Actor) -> bool:
        oldest = self._asked(actor.oldest)
        return oldest is None or oldest > (self._timeout or oldest)

    def _asked(self, method: Any) -> Any:  # noqa: ANN401 - ray's
        """Return what a worker says at once; None if it does not."""
        try:
            return ray.get(method.remote(), timeout=_ASK_SECONDS)
        except (GetTimeoutError, RayError):
            return None

    def _late_to_load(self, call: _Call) -> TrussError:
        if call.step == "load":
            limit = format_duration(self._load_timeout)
            message, hint = f"`load` took longer than {limit}", "Allow more time with `--load-timeout`."
            stack = self._asked(call.actor.stack)
            return TrussError(message, hint=hint, detail=stack, exit_code=ExitCode.TIMEOUT)
        limit = format_duration(max(self._load_timeout, _START_SECONDS))
        hint = f"Free is: {free_resources()}. If that is enough, its environment takes longer to make."
        return TrussError(f"a worker was not started within {limit}", hint=hint, exit_code=ExitCode.TIMEOUT)

    def _fail(self, failure: Failure) -> None:
        self._lost_in_a_row += 1
        if self._lost_in_a_row > self._max_restarts:
            message = (
                f"line {failure.number}: {failure.message}, as before {self._max_restarts} lines in a row"
            )
            hint = "Allow more with `--max-restarts`."
            raise TrussError(message, hint=hint, detail=failure.detail, exit_code=failure.exit_code)
        self._done[failure.number] = failure


def _failed(step: str, error: RayError) -> TrussError:
    """Return the error of a worker that was lost before it answered, or of a call that Ray could not make."""
    if step == "load" and isinstance(error, RayActorError):
        hint = "Its code ended the process, or the system killed it, perhaps for want of memory."
        return TrussError("a worker of Ray died in `load`", hint=hint, exit_code=ExitCode.FAULT)
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = next((line for line in reversed(lines) if "Error" in line or "exception" in line), "")
    what = "a worker of Ray cannot be started" if step == "start" else f"a worker of Ray failed in `{step}`"
    return TrussError(
        f"{what}: {reason or lines[0]}" if lines else what,
        hint="On a cluster, each node needs this package with its extra `ray`.",
        detail=str(error),
        exit_code=ExitCode.FAULT,
    )


def _read_all(lines: Lines, read: "queue.Queue[list[Line]]") -> None:
    while True:
        block = lines.read()
        read.put(block)
        if not block:
            return
