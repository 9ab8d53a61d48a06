"""Where code runs: in a thread of its own, in place, or beside an event loop."""

from __future__ import annotations

import sys
import threading
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.process.lifetime.signals import stop_requested

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Awaitable, Callable, Coroutine

_SETTLE_SECONDS = 1.0
"""Time for tasks that run on after the result."""
_T = TypeVar("_T")
_R = TypeVar("_R")


_LOOP_STOPPED = "Event loop stopped before Future completed"
"""Start of the message of that error in asyncio and uvloop."""


_MIN_RECURSION_LIMIT = 100
"""Less than the number of frames that call a model, here and on the server."""


class Run(Protocol):
    """Runs blocking code where it may block."""

    def __call__(self, function: Callable[..., _T], /, *arguments: object) -> Awaitable[_T]:
        """Return the function's result when awaited."""


def run_in_thread(function: Callable[..., _T], *arguments: object) -> _T:
    """Run a function in a daemon thread and wait for it, so that signals reach the main thread."""
    results: list[_T] = []
    errors: list[BaseException] = []

    def target() -> None:
        try:
            results.append(function(*arguments))
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            errors.append(error)
        limit = sys.getrecursionlimit()
        if limit < _MIN_RECURSION_LIMIT:
            # The main thread has more frames than this, so it could not even report an error.
            sys.setrecursionlimit(usual_limit)
            errors.insert(0, low_recursion_limit(limit))

    usual_limit = sys.getrecursionlimit()
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def low_recursion_limit(limit: int) -> TrussError:
    """Return the error for a recursion limit of the model's that is too low for the code that calls it."""
    message = f"the recursion limit of {limit}, which the model's code sets, is too low"
    return TrussError(message, hint="Remove the call of `sys.setrecursionlimit`.", exit_code=ExitCode.FAULT)


async def call_inline(function: Callable[..., _T], /, *arguments: object) -> _T:
    """Run blocking code in this thread, for coroutines that are driven without an event loop.

    It runs in a copy of the context, as in the threads of an event loop.
    """
    return copy_context().run(function, *arguments)


def run_sync(coroutine: Coroutine[Any, Any, _T]) -> _T:  # Any: nothing is sent in or yielded
    """Run a coroutine that never waits, which spares the import of asyncio."""
    try:
        coroutine.send(None)
    except StopIteration as result:
        value: _T = result.value
        return value
    raise RuntimeError("the coroutine waits, so it needs an event loop")


class EventLoop:
    """An event loop for this thread, with threads beside it for blocking code."""

    def __init__(self, threads: int = 1, loop_factory: Callable[[], AbstractEventLoop] | None = None) -> None:
        import asyncio  # noqa: PLC0415 - takes as long to import as all else together
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

        if sys.version_info >= (3, 11):
            self._runner = asyncio.Runner(loop_factory=loop_factory)
        else:
            from truss_cli.runtime.model.calling.runner import Runner  # noqa: PLC0415

            self._runner = Runner(loop_factory)
        self._executor = ThreadPoolExecutor(threads)

    def run(self, main: Callable[[Run], Coroutine[Any, Any, _T]]) -> _T:  # Any: as asyncio types it
        """Run a coroutine function, which is given what runs blocking code in a thread."""
        try:
            return self._runner.run(main(self._in_thread))
        except RuntimeError as error:
            if not str(error).startswith(_LOOP_STOPPED):
                raise
            # The tasks that remain are cancelled on closing, which asyncio would report with their frames.
            self._runner.get_loop().set_exception_handler(lambda _loop, _context: None)
            hint = "Remove its calls of the `stop` and `close` methods of the loop."
            message = "the model's code stopped the event loop"
            raise TrussError(message, hint=hint, exit_code=ExitCode.FAULT) from None

    def settle(self, report: Callable[[BaseException], None]) -> None:
        """Let the tasks that the model has started end, within a time, and report the exceptions of each."""
        if not stop_requested():
            self._runner.run(_settle(report))

    def close(self) -> None:
        """Cancel what still runs on the loop, and close it."""
        self._runner.close()

    async def _in_thread(self, function: Callable[..., _R], /, *arguments: object) -> _R:
        loop = self._runner.get_loop()
        return await loop.run_in_executor(self._executor, copy_context().run, function, *arguments)


def run_in_loop(
    main: Callable[[Run], Coroutine[Any, Any, _T]],  # Any: as asyncio types it
    closing: list[Callable[[], None]],
    threads: int = 1,
    loop_factory: Callable[[], AbstractEventLoop] | None = None,
    report: Callable[[BaseException], None] | None = None,
) -> _T:
    """Run a coroutine function on a new event loop in this thread.

    What must be closed once the result is out, background tasks first, is added to `closing`. With `report`,
    those tasks are waited for, and it is called with each exception that they raise.
    """
    loop = EventLoop(threads, loop_factory)
    if report is not None:
        closing.append(partial(loop.settle, report))
    closing.append(loop.close)
    return loop.run(main)


async def _settle(report: Callable[[BaseException], None]) -> None:
    import asyncio  # noqa: PLC0415 - as above

    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    if tasks:
        await asyncio.wait(tasks, timeout=_SETTLE_SECONDS)
    for task in tasks:
        error = task.exception() if task.done() and not task.cancelled() else None
        if error is not None:
            report(error)
