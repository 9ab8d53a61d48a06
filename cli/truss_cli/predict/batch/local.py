"""The engine of one process: records one after the other, or so many at a time."""

import time

from truss_cli.predict.batch.lines import Lines
from truss_cli.predict.batch.record import Record, Recorder
from truss_cli.predict.batch.sink import Sink
from truss_cli.predict.batch.tally import Tally
from truss_cli.predict.bench import Bench
from truss_cli.predict.deadline import Deadline
from truss_cli.predict.running import Run, drive, in_new_thread, in_place, run_in_loop


class LocalEngine:
    """Calls the model in this process; coroutines share a loop, blocking methods have a thread each."""

    def __init__(self, recorder: Recorder, concurrency: int, timeout: float | None) -> None:
        """Answer so many records at a time, each within so many seconds of the one before."""
        self._recorder = recorder
        self._concurrency = concurrency
        self._timeout = timeout

    def run(self, lines: Lines, sink: Sink, bench: Bench, tally: Tally) -> None:
        """Answer all lines."""
        tally.begin()
        bench.deadline.start(self._timeout)
        bench.begin("predict")
        try:
            if self._concurrency == 1 and not self._recorder.is_async:
                in_new_thread(self._in_turn, lines, sink, bench.deadline, tally)
            else:
                self._at_once(lines, sink, bench, tally)
        finally:
            bench.deadline.start(None)

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
                record = drive(answer(number, line, in_place))
                tally.time(time_of() - began)
                sink.put(record)

    def _at_once(self, lines: Lines, sink: Sink, bench: Bench, tally: Tally) -> None:
        from truss_cli.predict.batch.window import run_window  # noqa: PLC0415 - imports asyncio

        running = 0
        bench.deadline.stop()

        async def main(run: Run) -> None:
            async def answer(number: int, line: bytes) -> Record:
                nonlocal running
                running += 1
                if running == 1:
                    bench.deadline.start(self._timeout)
                began = time.perf_counter()
                record = await self._recorder.answer(number, line, run)
                tally.time(time.perf_counter() - began)
                running -= 1
                bench.deadline.start(self._timeout)
                if not running:
                    bench.deadline.stop()
                return record

            await run_window(lines, sink, answer, self._concurrency)

        run_in_loop(main, bench.closing, self._concurrency)
