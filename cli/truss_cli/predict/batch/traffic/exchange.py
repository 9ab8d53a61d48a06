"""The supervisor's traffic with one worker: input to it, answers from it, waiting for no slow end."""

import contextlib
import os
import select

from truss_cli.predict.batch.progress import ProgressReport
from truss_cli.predict.batch.traffic.answers import SharedAnswers
from truss_cli.predict.batch.traffic.feed import Feed
from truss_cli.predict.batch.traffic.sink import Sink
from truss_cli.predict.batch.traffic.worker_ends import WorkerEnds

_LOOK_SECONDS = 0.05
"""The longest that an answer lies where the worker has put it."""


class Exchange:
    """A pipe for the input and shared memory for the answers, made before the worker is forked."""

    def __init__(self, feed: Feed, sink: Sink, progress: ProgressReport) -> None:
        self.answers = SharedAnswers.new()
        self._input, self._input_end = os.pipe()
        os.set_blocking(self._input_end, False)
        self._feed = feed
        self._sink = sink
        self._progress = progress
        self._input_open = True

    def worker_ends(self) -> WorkerEnds:
        """Return what a fork of this process needs of it."""
        mine = (self._input_end, self._feed.source, self._sink.descriptor)
        return WorkerEnds(self.answers, self._input, mine)

    def wait(self, descriptor: int, seconds: float) -> bool:
        """Carry what there is to carry; return whether the descriptor can be read, within so many seconds.

        Raises TrussError if the input cannot be read or an answer not be written,
        OutputClosedError when nobody reads the answers.
        """
        if not self._sink.is_full:
            self._sink.take(self.answers.take())
            self._feed.drop(self._sink.answered)
        self._sink.write()
        self._progress.update()
        ready = self._poll(descriptor, seconds)
        if self.answers.poked in ready:
            self.answers.clear_pokes()
        if self._feed.source in ready:
            self._feed.read()
        self._send()
        return descriptor in ready

    def finish(self, seconds: float | None) -> None:
        """When the worker has ended: take and write all that it has answered, as `Sink.write_all` does."""
        try:
            self._sink.take(self.answers.take())
            self._sink.forget_begun()
        finally:
            self._sink.write_all(seconds)

    def close(self) -> None:
        """Close the pipes."""
        self.answers.close()
        os.close(self._input)
        self._close_input()

    def _poll(self, descriptor: int, seconds: float) -> set[int]:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        poll.register(self.answers.poked, select.POLLIN)
        if not (self._feed.ended or self._feed.has_unsent):
            poll.register(self._feed.source, select.POLLIN)
        if self._feed.has_unsent and self._input_open:
            poll.register(self._input_end, select.POLLOUT)
        if self._sink.waits_to_write:
            poll.register(self._sink.descriptor, select.POLLOUT)
        limits = [seconds]
        if self._feed.has_unanswered(self._sink.answered):
            limits.append(_LOOK_SECONDS)
        if self._progress.interval is not None:
            limits.append(self._progress.interval)
        return {ready for ready, _ in poll.poll(min(limits) * 1000)}

    def _send(self) -> None:
        if not self._input_open:
            return
        try:
            self._feed.send(self._input_end)
        except BrokenPipeError:  # the worker has ended, which its channel tells
            self._close_input()
        if self._feed.ended and not self._feed.has_unsent:
            self._close_input()

    def _close_input(self) -> None:
        if self._input_open:
            self._input_open = False
            with contextlib.suppress(OSError):
                os.close(self._input_end)
