"""Lines as coroutines of one event loop, so many at a time."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from truss_cli.predict.batch.local.flight import Flight
    from truss_cli.predict.batch.record import Answer, Recorder
    from truss_cli.predict.batch.tally import Latencies
    from truss_cli.predict.batch.traffic.answers import AnswerWriter
    from truss_cli.predict.batch.traffic.lines import Line, Lines
    from truss_cli.runtime.model.calling.execution import Run

_WINDOW_PER_SLOT = 4
"""Lines in flight, or done and waiting for one before them, for each that may run."""


class CoroutinePool:
    """A window of lines that moves on when its first is answered; answers are put out in order."""

    def __init__(
        self, lines: Lines, recorder: Recorder, out: AnswerWriter, latencies: Latencies, flight: Flight
    ) -> None:
        self._lines = lines
        self._recorder = recorder
        self._out = out
        self._latencies = latencies
        self._flight = flight
        self._waiting: deque[Line] = deque()
        self._window: deque[asyncio.Task[Answer]] = deque()

    async def run(self, run: Run, concurrency: int, alone_until: int) -> None:
        """Answer all lines, so many at a time, those up to `alone_until` each by itself."""
        slots = asyncio.Semaphore(concurrency)
        loop, reader = (
            asyncio.get_running_loop(),
            ThreadPoolExecutor(1),
        )  # of which the loop's end does not wait
        reading: asyncio.Future[list[Line]] | None = loop.run_in_executor(reader, self._lines.read)
        ended = False
        while (self._window or self._waiting or reading) and not self._out.stopped:
            self._begin(slots, run, concurrency * _WINDOW_PER_SLOT, alone_until)
            if reading is not None:
                self._out.poke()
            awaited: set[asyncio.Future[Any]] = {
                task for task in (reading, *list(self._window)[:1]) if task is not None
            }  # Any: of both kinds
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
            while self._window and self._window[0].done():
                self._out.put(self._window.popleft().result())
            if reading is not None and reading.done():
                self._waiting.extend(reading.result())
                ended = not reading.result()
                reading = None
            if reading is None and not self._waiting and not ended:
                reading = loop.run_in_executor(reader, self._lines.read)

    def _begin(self, slots: asyncio.Semaphore, run: Run, most: int, alone_until: int) -> None:
        while self._waiting and len(self._window) < most:
            if self._window and self._waiting[0][0] <= alone_until + 1:
                return
            number, line = self._waiting.popleft()
            self._window.append(asyncio.create_task(self._answer(slots, run, number, line)))

    async def _answer(self, slots: asyncio.Semaphore, run: Run, number: int, line: bytes) -> Answer:
        async with slots:
            self._out.begin(number)
            self._flight.begin(number)
            began = time.perf_counter()
            answer = await self._recorder.answer(number, line, run)
            self._latencies.add(time.perf_counter() - began)
            self._flight.end(number)
            return answer
