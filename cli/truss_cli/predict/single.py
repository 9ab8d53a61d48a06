"""One request: load the model, call it, write what it answers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.display import visible
from truss_cli.runtime.model.calling.execution import Run, call_inline, run_in_loop, run_in_thread, run_sync
from truss_cli.runtime.output.result import ResponseWriter, needs_loop
from truss_cli.runtime.output.streams import StreamWriter
from truss_cli.runtime.output.writer import OutputWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from truss_cli.runtime.model.calling.input import Payload
    from truss_cli.runtime.model.errors import ErrorReporter
    from truss_cli.runtime.model.loader import ModelSpec
    from truss_cli.runtime.process.context import WorkerContext


class Single(NamedTuple):
    """All there is to know of a request; times are in seconds."""

    spec: ModelSpec
    method: str
    payload: Payload
    load_timeout: float
    predict_timeout: float | None
    stream_gap: float
    on_terminal: bool
    """Whether results are for people, in colour."""
    profile: Path | None = None
    """File for a profile of the call."""

    def __call__(self, context: WorkerContext) -> None:
        """Answer it; raise TrussError, or OutputClosedError when nobody reads the answer.

        The deadline runs on until the worker has ended: what the model's code does when
        its result is let go counts as well.
        """
        output = open_output(context, on_terminal=self.on_terminal)
        try:
            self._answer(context, output)
        finally:
            context.stopwatch.end(output)
            output.end()

    def _answer(self, context: WorkerContext, output: OutputWriter) -> None:
        caller = context.load(self.spec, self.load_timeout)
        notify = context.channel.phase
        writer = response_writer(context, output, self.spec.reporter, self.stream_gap)
        context.deadline.start(
            self.predict_timeout
        )  # before it is reported, for the supervisor to see it then
        context.begin("predict")

        async def exchange(run: Run) -> None:
            result = await caller.call(self.payload, run, notify, self.method)
            await writer.answer(result, run)

        def exchange_in_loop() -> None:
            run_in_loop(exchange, context.closing, report=self._report_task)

        def exchange_without_loop() -> None:
            result = run_sync(caller.call(self.payload, call_inline, notify, self.method))
            if needs_loop(result):
                run_in_loop(lambda run: writer.answer(result, run), context.closing)
            else:
                run_sync(writer.answer(result, call_inline))

        if caller.is_async(self.method):
            self._profiled(exchange_in_loop)()
        else:
            run_in_thread(self._profiled(exchange_without_loop))

    def _report_task(self, exception: BaseException) -> None:
        """Report an exception that the log of the server would have, and the result does not show."""
        error = self.spec.reporter.error(exception, "a task that runs on after the result")
        sys.stderr.write(visible(f"{error.detail or ''}note: {error.message}\n", lines=True))

    def _profiled(self, exchange: Callable[[], None]) -> Callable[[], None]:
        if self.profile is None:
            return exchange
        from truss_cli.predict.profile import profiled  # noqa: PLC0415 - only when asked for

        return profiled(exchange, self.profile)


def open_output(context: WorkerContext, *, on_terminal: bool) -> OutputWriter:
    """Return what writes results to the worker's standard output, for people or for programs."""
    if not on_terminal:
        return OutputWriter(context.stdout, context.deadline)
    from truss_cli.runtime.output.terminal import TerminalWriter  # noqa: PLC0415 - only there

    return TerminalWriter(context.stdout, context.deadline)


def response_writer(
    context: WorkerContext, output: OutputWriter, reporter: ErrorReporter, stream_gap: float
) -> ResponseWriter:
    """Return what writes the results of calls, and stops their streams when the worker must end."""
    notify = context.channel.phase
    stream_writer = StreamWriter(output, context.deadline, stream_gap, reporter, notify)
    context.closing.append(stream_writer.stop)
    return ResponseWriter(output, stream_writer, reporter, notify)
