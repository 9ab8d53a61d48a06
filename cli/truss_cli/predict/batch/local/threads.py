"""Lines in threads, so many at a time: for methods that block."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truss_cli.predict.batch.local.flight import Flight
    from truss_cli.predict.batch.record import Answer, Recorder
    from truss_cli.predict.batch.tally import Latencies
    from truss_cli.predict.batch.traffic.answers import AnswerWriter
    from truss_cli.predict.batch.traffic.lines import Line

_WINDOW_PER_THREAD = 4
"""Lines in flight, or done and waiting for one before them, for each thread."""


class ThreadPool:
    """Threads that each take a line, answer it and take the next; answers are put out in order.

    No queue lies between them: a record costs two locks, where handing it over would cost two switches.
    """

    def __init__(
        self,
        lines: Iterator[Line],
        recorder: Recorder,
        out: AnswerWriter,
        latencies: Latencies,
        flight: Flight,
    ) -> None:
        self._lines = lines
        self._recorder = recorder
        self._out = out
        self._latencies = latencies
        self._flight = flight
        self._taking = threading.Lock()
        self._putting = threading.Condition(threading.Lock())
        self._next: int | None = None
        """The line whose answer is put out next."""
        self._done: dict[int, Answer] = {}
        self._window = 0
        self._waits = False
        """Whether a thread waits for the window to move on."""
        self._reads = False
        self._errors: list[BaseException] = []

    def run(self, threads: int) -> None:
        """Answer all lines in so many threads; raise what a thread has raised."""
        self._window = threads * _WINDOW_PER_THREAD
        pool = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]
        for thread in pool:
            thread.start()
        for thread in pool:
            thread.join()
            if self._errors:
                raise self._errors[0]

    def _run(self) -> None:
        try:
            while (taken := self._take()) is not None:
                number, line = taken
                began = time.perf_counter()
                answer = self._recorder.answer_inline(number, line)
                self._put(number, answer, time.perf_counter() - began)
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            self._errors.append(error)

    def _take(self) -> Line | None:
        with self._taking:
            self._reads = True
            line = next(self._lines, None)
            self._reads = False
            if line is None or self._out.stopped or self._errors:
                return None
            number = line[0]
            with self._putting:
                self._next = self._next or number
                while number >= self._next + self._window:
                    self._waits = True
                    self._putting.wait()
                self._out.begin(number)
                self._flight.begin(number)
            return line

    def _put(self, number: int, answer: Answer, seconds: float) -> None:
        with self._putting:
            self._flight.end(number)
            self._latencies.add(seconds)
            self._done[number] = answer
            while (first := self._done.pop(self._next or 0, None)) is not None:
                self._out.put(first)
                self._next = (self._next or 0) + 1
            if self._waits:
                self._waits = False
                self._putting.notify_all()
            if self._reads:
                self._out.poke()
