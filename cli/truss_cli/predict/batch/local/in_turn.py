"""Lines one after the other, without an event loop."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truss_cli.predict.batch.record import Recorder
    from truss_cli.predict.batch.tally import Latencies
    from truss_cli.predict.batch.traffic.answers import AnswerWriter
    from truss_cli.predict.batch.traffic.lines import Line, Lines
    from truss_cli.runtime.process.lifetime.deadline import Deadline


def each(lines: Lines, out: AnswerWriter) -> Iterator[Line]:
    """Yield the lines; let nothing lie before waiting for more."""
    while block := lines.read():
        yield from block
        out.poke()


def answer_in_turn(  # noqa: PLR0913, PLR0917 - one a part of the run
    lines: Iterator[Line],
    recorder: Recorder,
    out: AnswerWriter,
    latencies: Latencies,
    deadline: Deadline,
    timeout: float | None,
) -> None:
    """Answer each line within so many seconds, until one fails that ends the run."""
    answer, clock = recorder.answer_inline, time.perf_counter
    for number, line in lines:
        out.begin(number)
        if timeout:
            deadline.start(timeout)
        began = clock()
        answered = answer(number, line)
        latencies.add(clock() - began)
        if timeout:
            deadline.stop()
        out.put(answered)
        if out.stopped:
            return
