"""A run over many lines: load, answer them all, report how it went."""

from typing import NamedTuple, Protocol

from truss_cli.errors import ExitCode, TrussError
from truss_cli.predict.batch.lines import Lines
from truss_cli.predict.batch.local import LocalEngine
from truss_cli.predict.batch.output_file import OutputFile
from truss_cli.predict.batch.progress import ProgressReport
from truss_cli.predict.batch.ray_options import RayOptions
from truss_cli.predict.batch.record import Recorder
from truss_cli.predict.batch.sink import Sink
from truss_cli.predict.batch.tally import Tally
from truss_cli.runtime.model.loader import ModelSpec
from truss_cli.runtime.output.writer import OutputWriter
from truss_cli.runtime.process.context import WorkerContext


class Batch(NamedTuple):
    """All there is to know of a run; times are in seconds."""

    spec: ModelSpec
    source: int
    """Descriptor of the input."""
    file: OutputFile | None
    """Where records go, if not to stdout."""
    concurrency: int
    stop_at_error: bool
    progress_seconds: float | None
    """How often progress is reported; 0 on a terminal, where it is drawn."""
    ray: RayOptions | None
    load_timeout: float
    predict_timeout: float | None

    def __call__(self, context: WorkerContext) -> None:
        """Answer all lines; raise TrussError if any failed, OutputClosedError when nobody reads them."""
        tally = Tally()
        descriptor = self.file.descriptor if self.file else context.stdout
        lines = Lines(self.source, self.file.done if self.file else 0)
        tally.failed_before = self.file.failed if self.file else 0
        output = OutputWriter(descriptor)
        sink = Sink(output, tally, context.deadline, descriptor=descriptor, stop_at_error=self.stop_at_error)
        progress = ProgressReport(lines, tally, self.progress_seconds)
        try:
            engine = self._engine(context)
            with progress:
                engine.run(lines, sink, context, tally)
        finally:
            sink.flush()  # even when stopped: what has been answered is put out
            context.stopwatch.end(output)
            context.stopwatch.stats.update(tally.stats())
        if self.file:
            self.file.finish()
        _tell_failures(tally, self.file.done if self.file else 0)

    def _engine(self, context: WorkerContext) -> "Engine":
        if self.ray is not None:
            from truss_cli.predict.batch.ray_engine import RayEngine  # noqa: PLC0415 - takes long, and is optional

            return RayEngine(self.spec, self.ray, self.concurrency, self.load_timeout, self.predict_timeout)
        caller = context.load(self.spec, self.load_timeout)
        return LocalEngine(Recorder(caller, self.spec.reporter), self.concurrency, self.predict_timeout)


class Engine(Protocol):
    """Answers lines."""

    def run(self, lines: Lines, sink: Sink, context: WorkerContext, tally: Tally) -> None:
        """Return the records of all lines to the sink in order; take their latencies."""


def _tell_failures(tally: Tally, done_before: int) -> None:
    failed, records = tally.failed + tally.failed_before, tally.records + done_before
    if not failed:
        return
    hint = detail = None
    if tally.first_error:
        number, error = tally.first_error
        hint, detail = f"The first, line {number}: {error.message}", error.detail
    message = f"{failed} of {records} record{'s' * (records != 1)} failed"
    raise TrussError(message, hint=hint, detail=detail, exit_code=ExitCode.FAULT)
