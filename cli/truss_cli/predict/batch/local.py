"""The engine of one process: records one after the other, or so many at a time."""

import time

from truss_cli.predict.batch.lines import Lines
from truss_cli.predict.batch.record import Record, Recorder
from truss_cli.predict.batch.sink import Sink
from truss_cli.predict.batch.tally import Tally
from truss_cli.runtime.model.execution import Run, call_inline, run_in_loop, run_in_thread, run_sync
from truss_cli.runtime.process.context import WorkerContext
from truss_cli.runtime.process.deadline import Deadline


class LocalEngine:
    """Calls the model in this process; coroutines share a loop, blocking methods have a thread each."""

    def __init__(self, recorder: Recorder, concurrency: int, timeout: float | None) -> None:
        """Answer so many records at a time, each within so many seconds of the one before."""
        self._recorder = recorder
        self._concurrency = concurrency
        self._timeout = timeout

    def run(self, lines: Lines, sink: Sink, context: WorkerContext, tally: Tally) -> None:
        """Answer all lines."""
        tally.begin()
        context.deadline.start(self._timeout)
        context.begin("predict")
        try:
            if self._concurrency == 1 and not self._recorder.is_async:
                run_in_thread(self._in_turn, lines, sink, context.deadline, tally)
            else:
                self._at_once(lines, sink, context, tally)
        finally:
            context.deadline.start(None)

    def _in_turn(self, lines: Lines, sink: Sink, deadline: Deadline, tally: Tally) -> None:
        answer, time_of, timeout = self._recorder.answer, time.perf_counter, self._timeout
        while True:
            deadline.stop()
            sink.flush()
            read = lines.read()
            if not read:
                return
            for number, line in read:
                if timeout:
                    deadline.start(timeout)
                began = time_of()
                record = run_sync(answer(number, line, call_inline))
                tally.time(time_of() - began)
                sink.put(record)

    def _at_once(self, lines: Lines, sink: Sink, context: WorkerContext, tally: Tally) -> None:
        from truss_cli.predict.batch.window import run_window  # noqa: PLC0415 - imports asyncio

        running = 0
        context.deadline.stop()

        async def main(run: Run) -> None:
            async def answer(number: int, line: bytes) -> Record:
                nonlocal running
                running += 1
                if running == 1:
                    context.deadline.start(self._timeout)
                began = time.perf_counter()
                record = await self._recorder.answer(number, line, run)
                tally.time(time.perf_counter() - began)
                running -= 1
                context.deadline.start(self._timeout)
                if not running:
                    context.deadline.stop()
                return record

            await run_window(lines, sink, answer, self._concurrency)

        run_in_loop(main, context.closing, self._concurrency)
