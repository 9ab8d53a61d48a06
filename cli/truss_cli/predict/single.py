"""One request: load the model, call it, write what it answers."""

from typing import NamedTuple

from truss_cli.runtime.model.execution import Run, call_inline, run_in_loop, run_in_thread, run_sync
from truss_cli.runtime.model.input import Payload
from truss_cli.runtime.model.loader import ModelSpec
from truss_cli.runtime.output.result import ResponseWriter, needs_loop
from truss_cli.runtime.output.streams import StreamWriter
from truss_cli.runtime.output.writer import OutputWriter
from truss_cli.runtime.process.context import WorkerContext


class Single(NamedTuple):
    """All there is to know of a request; times are in seconds."""

    spec: ModelSpec
    payload: Payload
    load_timeout: float
    predict_timeout: float | None
    stream_gap: float
    on_terminal: bool
    """Whether results are for people, in colour."""

    def __call__(self, context: WorkerContext) -> None:
        """Answer it; raise TrussError, or OutputClosedError when nobody reads the answer.

        The deadline runs on until the worker has ended: what the model's code does when
        its result is let go counts as well.
        """
        output = self._output(context)
        try:
            self._answer(context, output)
        finally:
            context.stopwatch.end(output)
            output.end()

    def _answer(self, context: WorkerContext, output: OutputWriter) -> None:
        caller = context.load(self.spec, self.load_timeout)
        deadline, reporter, notify = context.deadline, self.spec.reporter, context.channel.phase
        stream_writer = StreamWriter(output, deadline, self.stream_gap, reporter, notify)
        response_writer = ResponseWriter(output, stream_writer, reporter, notify)
        context.closing.append(stream_writer.stop)
        deadline.start(self.predict_timeout)  # before it is reported, for the supervisor to see it then
        context.begin("predict")

        async def exchange(run: Run) -> None:
            result = await caller.call(self.payload, run, notify)
            await response_writer.answer(result, run)

        def exchange_without_loop() -> None:
            result = run_sync(caller.call(self.payload, call_inline, notify))
            if needs_loop(result):
                run_in_loop(lambda run: response_writer.answer(result, run), context.closing)
            else:
                run_sync(response_writer.answer(result, call_inline))

        if caller.is_async:
            run_in_loop(exchange, context.closing)
        else:
            run_in_thread(exchange_without_loop)

    def _output(self, context: WorkerContext) -> OutputWriter:
        if not self.on_terminal:
            return OutputWriter(context.stdout, context.deadline)
        from truss_cli.runtime.output.terminal import TerminalWriter  # noqa: PLC0415 - only there

        return TerminalWriter(context.stdout, context.deadline)
