"""The worker's side of a run over many lines: load the model, then answer what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from truss_cli.predict.batch.local.engine import LocalEngine
from truss_cli.predict.batch.record import Recorder
from truss_cli.predict.batch.tally import Latencies
from truss_cli.predict.batch.traffic.answers import AnswerWriter
from truss_cli.predict.batch.traffic.lines import Lines

if TYPE_CHECKING:
    from truss_cli.predict.batch.ray.options import RayOptions
    from truss_cli.predict.batch.traffic.worker_ends import WorkerEnds
    from truss_cli.runtime.model.loader import ModelSpec
    from truss_cli.runtime.process.context import WorkerContext


class AnswerLines(NamedTuple):
    """All that a worker needs to know; times are in seconds."""

    spec: ModelSpec
    concurrency: int
    stop_at_error: bool
    max_restarts: int
    ray: RayOptions | None
    load_timeout: float
    predict_timeout: float | None
    ends: WorkerEnds
    first_number: int
    """Of the first line that is fed to it."""
    alone_until: int
    """Lines up to this number are answered one at a time."""

    def __call__(self, context: WorkerContext) -> None:
        """Answer all lines; raise TrussError if the model cannot be loaded."""
        self.ends.enter()
        latencies = Latencies()
        answers = self.ends.answers
        out = AnswerWriter(answers, context.deadline, stop_at_error=self.stop_at_error)
        try:
            engine = self._engine(context)
            engine.run(Lines(self.ends.input, self.first_number), out, context, latencies)
        finally:
            out.poke()
            context.deadline.start(None)
            context.stopwatch.end()
            context.stopwatch.stats.update(latencies.stats())

    def _engine(self, context: WorkerContext) -> Engine:
        if self.ray is not None:
            from truss_cli.predict.batch.ray.engine import RayEngine  # noqa: PLC0415 - takes long, and is optional

            return RayEngine(
                self.spec,
                self.ray,
                self.concurrency,
                self.max_restarts,
                self.load_timeout,
                self.predict_timeout,
            )
        caller = context.load(self.spec, self.load_timeout)
        recorder = Recorder(caller, self.spec.reporter)
        return LocalEngine(recorder, self.concurrency, self.alone_until, self.predict_timeout)


class Engine(Protocol):
    """Answers lines."""

    def run(self, lines: Lines, out: AnswerWriter, context: WorkerContext, latencies: Latencies) -> None:
        """Put out the answers to all lines in their order; take their latencies."""
