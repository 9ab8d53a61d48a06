"""The supervisor's side of a run over many lines: one worker after another, until all are answered."""

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from truss_cli.display import visible
from truss_cli.errors import ExitCode, TrussError
from truss_cli.predict.batch.blame import Blame
from truss_cli.predict.batch.output.file import OutputFile
from truss_cli.predict.batch.progress import ProgressReport
from truss_cli.predict.batch.ray.options import RayOptions
from truss_cli.predict.batch.tally import Tally, failed_records
from truss_cli.predict.batch.task import AnswerLines
from truss_cli.predict.batch.traffic.exchange import Exchange
from truss_cli.predict.batch.traffic.feed import Feed
from truss_cli.predict.batch.traffic.sink import Sink
from truss_cli.runtime.model.loader import ModelSpec
from truss_cli.runtime.output.writer import OutputClosedError
from truss_cli.runtime.process.channel import Outcome
from truss_cli.runtime.process.supervisor import supervise
from truss_cli.runtime.process.worker import work
from truss_cli.runtime.process.worker_process import Work, WorkerLostError, WorkerProcess

_STOP_SECONDS = 0.3
"""Time for a reader to take what is answered when the run is interrupted."""


class Batch(NamedTuple):
    """All there is to know of a run; times are in seconds."""

    spec: ModelSpec
    feed: Feed
    stdout: int
    """A descriptor of its own."""
    file: OutputFile | None
    """Where answers go, if not to stdout."""
    concurrency: int
    stop_at_error: bool
    max_restarts: int
    """Workers in a row that may be lost without an answer between."""
    progress_seconds: float | None
    """How often progress is reported; 0 on a terminal, where it is drawn."""
    ray: RayOptions | None
    load_timeout: float
    predict_timeout: float | None
    python: Path | None = None
    """Where workers run, if not in this Python."""

    def run(self, on_phase: Callable[[str | None], None]) -> Outcome:
        """Answer all lines; return the outcome, or raise TrussError for one that ends the run early."""
        done = self.file.done if self.file else 0
        descriptor = self.file.descriptor if self.file else self.stdout
        tally = Tally(self.file.failed if self.file else 0)
        sink = Sink(descriptor, tally, done, stop_at_error=self.stop_at_error)
        progress = ProgressReport(self.feed, tally, self.progress_seconds)
        run = _Run(self, sink, tally, progress, on_phase)
        stats: dict[str, float] = {}
        try:
            if not self._is_done(done):
                stats.update(run.all_lines())
        except OutputClosedError:
            return Outcome()
        finally:
            progress.end()
        if self.file:
            self.file.finish()
        stats |= {"bytes": sink.bytes, **tally.stats()}
        error = _failures(tally, done)
        return Outcome(error.exit_code if error else ExitCode.OK, error, stats)

    def _is_done(self, done: int) -> bool:
        """Whether an earlier run has answered all lines."""
        return done > 0 and self.feed.ended and not self.feed.has_unanswered(done)


class _Run:
    """The workers of a run."""

    def __init__(
        self,
        batch: Batch,
        sink: Sink,
        tally: Tally,
        progress: ProgressReport,
        on_phase: Callable[[str | None], None],
    ) -> None:
        self._batch = batch
        self._sink = sink
        self._tally = tally
        self._progress = progress
        self._on_phase = on_phase
        self._blame = Blame(batch.max_restarts)

    def all_lines(self) -> dict[str, float]:
        """Have all lines answered; return what the last worker has measured."""
        while True:
            self._batch.feed.rewind(self._sink.answered)
            exchange = Exchange(self._batch.feed, self._sink, self._progress)
            try:
                return dict(self._one_worker(exchange).stats)
            except WorkerLostError as lost:
                if not self._is_to_go_on(lost, exchange.answers.begun):
                    return {}
            finally:
                exchange.close()

    def _one_worker(self, exchange: Exchange) -> Outcome:
        """Run a worker to its end, and write out all that it has answered, however it ends."""
        batch, first = self._batch, self._sink.answered + 1
        task = AnswerLines(
            spec=batch.spec,
            concurrency=batch.concurrency,
            stop_at_error=batch.stop_at_error,
            max_restarts=batch.max_restarts,
            ray=batch.ray,
            load_timeout=batch.load_timeout,
            predict_timeout=batch.predict_timeout,
            ends=exchange.worker_ends(),
            first_number=first,
            alone_until=self._blame.alone_until,
        )
        self._blame.begin(first)
        seconds: float | None = None
        try:
            outcome = supervise(
                functools.partial(WorkerProcess, _work(task, batch.python)), self._notify, exchange.wait
            )
        except KeyboardInterrupt:
            seconds = _STOP_SECONDS
            raise
        finally:
            exchange.finish(seconds)
        if outcome.error:
            raise outcome.error
        return outcome

    def _notify(self, phase: str | None) -> None:
        if phase == "predict" and not self._tally.restarts:
            self._tally.begin()
        self._on_phase(phase)

    def _is_to_go_on(self, lost: WorkerLostError, begun: int) -> bool:
        """Find the line that has cost a worker, and answer it with that; raise what ends the run."""
        batch, sink = self._batch, self._sink
        if batch.ray is not None:
            if lost.exit_code is ExitCode.TIMEOUT:
                raise lost
            hint = "Look whether the head and this machine's node still run (`ray status`)."
            raise TrussError("the connection to Ray is lost, so the run has ended", hint=hint)
        if lost.phase != "predict":
            raise lost
        if batch.feed.ended and not batch.feed.has_unanswered(sink.answered):
            return False
        failure = self._blame.judge(lost, sink.answered + 1, begun)
        if failure is not None:
            sink.fail(failure)
        self._tally.restarts += 1
        sys.stderr.write(f"warning: {visible(self._blame.explanation)}; the model is loaded again\n")
        sys.stderr.flush()
        return True


def _work(task: AnswerLines, python: Path | None) -> Work:
    """Return the work of a worker: in a fork, or in another Python that takes its place."""
    if python is None:
        return functools.partial(work, task)
    from truss_cli.runtime.process.interpreter.start import work_in  # noqa: PLC0415 - only there

    alone = task._replace(ends=task.ends._replace(supervisors=()))
    return functools.partial(work_in, python, alone, task.ends.descriptors)


def _failures(tally: Tally, done_before: int) -> TrussError | None:
    failed = tally.failed + tally.failed_before
    return failed_records(failed, tally.records + done_before, tally.first_failure) if failed else None
