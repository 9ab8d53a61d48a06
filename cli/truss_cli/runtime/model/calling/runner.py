"""What `asyncio.Runner` is since Python 3.11, for the Pythons before it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

_T = TypeVar("_T")


class Runner:
    """Runs coroutines on one event loop, and closes it."""

    def __init__(self, loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None) -> None:
        self._loop = (loop_factory or asyncio.new_event_loop)()
        asyncio.set_event_loop(self._loop)

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop."""
        return self._loop

    def run(self, main: Coroutine[Any, Any, _T]) -> _T:  # Any: as asyncio types it
        """Run a coroutine to its end."""
        return self._loop.run_until_complete(main)

    def close(self) -> None:
        """Cancel the tasks that are left, wait for them, and close the loop."""
        try:
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            asyncio.set_event_loop(None)
            self._loop.close()
