"""The engine of one process: which way lines are answered in it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from truss_cli.predict.batch.local.flight import Flight
from truss_cli.predict.batch.local.in_turn import answer_in_turn, each
from truss_cli.runtime.model.calling.execution import run_in_loop, run_in_thread

if TYPE_CHECKING:
    from truss_cli.predict.batch.record import Recorder
    from truss_cli.predict.batch.tally import Latencies
    from truss_cli.predict.batch.traffic.answers import AnswerWriter
    from truss_cli.predict.batch.traffic.lines import Lines
    from truss_cli.runtime.process.context import WorkerContext


class LocalEngine:
    """Calls the model in this process; coroutines share a loop, blocking methods have a thread each."""

    def __init__(self, recorder: Recorder, concurrency: int, alone_until: int, timeout: float | None) -> None:
        """Answer so many lines at a time, each within so many seconds.

        Lines up to `alone_until` were in flight when a worker died: each is answered by itself.
        """
        self._recorder = recorder
        self._concurrency = concurrency
        self._alone_until = alone_until
        self._timeout = timeout

    def run(self, lines: Lines, out: AnswerWriter, context: WorkerContext, latencies: Latencies) -> None:
        """Answer all lines."""
        context.begin("predict")
        if self._recorder.is_async:
            self._as_coroutines(lines, out, context, latencies)
        else:
            run_in_thread(self._in_threads, lines, out, context, latencies)

    def _in_threads(
        self, lines: Lines, out: AnswerWriter, context: WorkerContext, latencies: Latencies
    ) -> None:
        recorder, deadline, timeout = self._recorder, context.deadline, self._timeout
        begun = each(lines, out)
        if self._concurrency > 1:
            alone = islice(begun, max(0, self._alone_until + 1 - lines.next_number))
            answer_in_turn(alone, recorder, out, latencies, deadline, timeout)
            from truss_cli.predict.batch.local.threads import ThreadPool  # noqa: PLC0415 - for few runs

            ThreadPool(begun, recorder, out, latencies, Flight(deadline, timeout, out)).run(self._concurrency)
        else:
            answer_in_turn(begun, recorder, out, latencies, deadline, timeout)

    def _as_coroutines(
        self, lines: Lines, out: AnswerWriter, context: WorkerContext, latencies: Latencies
    ) -> None:
        from truss_cli.predict.batch.local.coroutines import CoroutinePool  # noqa: PLC0415 - imports asyncio

        pool = CoroutinePool(
            lines, self._recorder, out, latencies, Flight(context.deadline, self._timeout, out)
        )
        run_in_loop(
            lambda run: pool.run(run, self._concurrency, self._alone_until),
            context.closing,
            self._concurrency,
        )
