"""One event loop for a session, in a thread of its own, so that tests may have loops themselves."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

_T = TypeVar("_T")


class LoopThread:
    """Runs coroutines, and blocking code in a thread beside them, as the server does."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._executor = ThreadPoolExecutor(1)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, _T]) -> _T:  # Any: as asyncio types it
        """Return the result of a coroutine; raise what it raises."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def in_thread(self, function: Callable[..., _T], /, *arguments: object) -> _T:
        """Run blocking code in the thread beside the loop."""
        return await self._loop.run_in_executor(self._executor, copy_context().run, function, *arguments)

    @contextmanager
    def portal(self) -> Iterator["BlockingPortal"]:
        """Yield the loop as anyio's portal, which clients of starlette call it by."""
        from anyio.from_thread import BlockingPortal  # noqa: PLC0415 - for clients alone

        opened: Future[BlockingPortal] = Future()

        async def keep_open() -> None:
            async with BlockingPortal() as portal:
                opened.set_result(portal)
                await portal.sleep_until_stopped()

        running = asyncio.run_coroutine_threadsafe(keep_open(), self._loop)
        portal = opened.result()
        try:
            yield portal
        finally:
            portal.call(portal.stop)
            running.result()

    def close(self) -> None:
        """Stop the loop; what still runs on it is cancelled."""
        self.run(self._cancel_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _cancel_all(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.shutdown_asyncgens()
