"""A worker of Ray: a process with the model loaded, on this machine or another."""

import faulthandler
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from truss_cli.errors import TrussError
from truss_cli.predict.batch.record import Answer, Recorder
from truss_cli.predict.batch.traffic.lines import Line
from truss_cli.project import open_truss
from truss_cli.runtime.model.calling.caller import Caller
from truss_cli.runtime.model.calling.execution import EventLoop, Run, run_in_thread
from truss_cli.runtime.model.loader import ModelSpec, load_model
from truss_cli.runtime.model.server_environment import enter_server_environment
from truss_cli.runtime.model.unhandled import mask_unhandled
from truss_cli.runtime.process.stacks import format_dump

Answered = tuple[Answer, float]
"""An answer and the seconds it took."""


class Worker:
    """An actor; `oldest` and `stack` are called in a second thread, while the first loads or answers.

    It has no coroutines: Ray would run all its methods on one event loop.
    """

    def __init__(self, spec: ModelSpec, folder: str | None, concurrency: int) -> None:
        """Prepare to load; without a folder the truss is the process's own, as shipped."""
        truss = open_truss(Path(folder) if folder else Path.cwd())
        self._spec = spec._replace(truss=truss)
        self._concurrency = concurrency
        self._recorder: Recorder | None = None
        self._loop: EventLoop | None = None
        self._began: dict[int, float] = {}

    def ready(self) -> None:
        """Return at once, which tells that the worker is placed and has started."""

    def load(self) -> tuple[TrussError | None, float]:
        """Load the model; give the error if it fails, and the seconds it took."""
        began = time.monotonic()
        enter_server_environment(self._spec.truss, self._spec.variables)
        mask_unhandled(self._spec.reporter)
        try:
            loaded = run_in_thread(load_model, self._spec, lambda _step: None)
        except TrussError as error:
            return error, 0.0
        self._recorder = Recorder(Caller(loaded, self._spec.reporter), self._spec.reporter)
        if self._recorder.is_async or self._concurrency > 1:
            self._loop = EventLoop(self._concurrency)
        return None, time.monotonic() - began

    def answer(self, lines: Sequence[Line]) -> list[Answered]:
        """Answer lines; give each answer and the seconds it took."""
        if self._loop is not None:
            return self._loop.run(
                lambda run: _at_once(self._loaded(), lines, run, self._concurrency, self._began)
            )
        return run_in_thread(self._in_turn, lines)

    def oldest(self) -> float:
        """Return for how many seconds the line that began first, of those in flight, has been answered."""
        return time.perf_counter() - min(list(self._began.values()), default=time.perf_counter())

    def stack(self) -> str | None:
        """Return the frames of the model's code that runs now."""
        with tempfile.TemporaryFile() as file:
            faulthandler.dump_traceback(file, all_threads=True)
            file.seek(0)
            return format_dump(file.read().decode("ascii", "replace"))

    def _in_turn(self, lines: Sequence[Line]) -> list[Answered]:
        recorder = self._loaded()
        answered = []
        for number, line in lines:
            began = self._began[number] = time.perf_counter()
            answer = recorder.answer_inline(number, line)
            del self._began[number]
            answered.append((answer, time.perf_counter() - began))
        return answered

    def _loaded(self) -> Recorder:
        if self._recorder is None:
            raise RuntimeError("the model is not loaded")
        return self._recorder


async def _at_once(
    recorder: Recorder, lines: Sequence[Line], run: Run, concurrency: int, times: dict[int, float]
) -> list[Answered]:
    import asyncio  # noqa: PLC0415 - not for models without coroutines

    slots = asyncio.Semaphore(concurrency)

    async def in_slot(number: int, line: bytes) -> Answered:
        async with slots:
            began = times[number] = time.perf_counter()
            answer = await recorder.answer(number, line, run)
            del times[number]
            return answer, time.perf_counter() - began

    return await asyncio.gather(*(in_slot(number, line) for number, line in lines))
