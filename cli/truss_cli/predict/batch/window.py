"""Many records at a time, given in their order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from truss_cli.predict.batch.lines import Lines
from truss_cli.predict.batch.record import Record
from truss_cli.predict.batch.sink import Sink

_WINDOW_PER_SLOT = 4
"""Records in flight, or done and waiting for one before them, for each that may run."""


async def run_window(
    lines: Lines, sink: Sink, answer: Callable[[int, bytes], Awaitable[Record]], concurrency: int
) -> None:
    """Answer lines, so many at a time, in a window that moves on when its first record is done."""
    slots = asyncio.Semaphore(concurrency)
    window: deque[asyncio.Task[Record]] = deque()
    waiting: deque[tuple[int, bytes]] = deque()
    ended = False
    loop, reader = asyncio.get_running_loop(), ThreadPoolExecutor(1)  # of which the loop's end does not wait
    reading: asyncio.Future[list[tuple[int, bytes]]] | None = loop.run_in_executor(reader, lines.read)

    async def in_slot(number: int, line: bytes) -> Record:
        async with slots:
            return await answer(number, line)

    while window or waiting or reading:
        while waiting and len(window) < concurrency * _WINDOW_PER_SLOT:
            window.append(asyncio.create_task(in_slot(*waiting.popleft())))
        sink.flush()
        awaited: set[asyncio.Future[Any]] = {
            task for task in (reading, *list(window)[:1]) if task is not None
        }  # Any: of both kinds
        await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        while window and window[0].done():
            sink.put(window.popleft().result())
        if reading is not None and reading.done():
            waiting.extend(reading.result())
            ended = not reading.result()
            reading = None
        if reading is None and not waiting and not ended:
            reading = loop.run_in_executor(reader, lines.read)
