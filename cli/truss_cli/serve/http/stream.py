"""Streams: produced at the model's own pace, sent as they come, or collected into one text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from truss_cli.errors import TrussError
from truss_cli.runtime.output.streams import chunk_bytes
from truss_cli.serve.http.answer import (
    BINARY,
    CLIENT_GONE,
    AnswerError,
    Receive,
    Scope,
    Send,
    header,
    unexpected,
)
from truss_cli.serve.http.connection import client_gone

if TYPE_CHECKING:
    from truss_cli.runtime.model.calling.execution import Run
    from truss_cli.runtime.model.errors import ErrorReporter
    from truss_cli.serve.http.served_model import ServedModel

_END, _LATE = object(), object()
"""In the place of a chunk: the stream has ended, or none has come in time."""


def wants_collected(scope: Scope) -> bool:
    """Whether a stream is answered as one JSON string: asked for by `Accept`, but not by OpenAI's clients."""
    if b"openai" in (header(scope, b"user-agent") or b"").lower():
        return False
    return header(scope, b"accept") == b"application/json"


async def collect(stream: Any, served: ServedModel) -> str:  # noqa: ANN401 - a generator of either kind
    """Return the text of all chunks; raise AnswerError for what the model raises or what is no text."""
    parts: list[bytes | bytearray] = []
    try:
        async for chunk in _chunks(stream, served.run):
            part = chunk if isinstance(chunk, (bytes, bytearray)) else str(chunk).encode()
            parts.append(part)
        return b"".join(parts).decode()
    except BaseException as error:
        served.log.failed(served.reporter.error(error, f"the stream, after {_chunk_count(len(parts))},"))
        raise AnswerError(unexpected(error)) from error


async def send_stream(
    stream: Any,  # noqa: ANN401 - a generator of either kind
    served: ServedModel,
    receive: Receive,
    send: Send,
    release: Callable[[], None],
) -> int:
    """Send the chunks as they come, and return the status.

    The model produces them at its own pace, whether they are read or not, and
    calls `release` at their end. A chunk that cannot be sent, or none in time,
    leaves the answer unfinished.
    """
    chunks: asyncio.Queue[object] = asyncio.Queue()
    producer = _Producer(chunks, served.reporter, served.run)
    task: asyncio.Task[object] = asyncio.create_task(producer.produce(stream))
    served.running.add(task)
    task.add_done_callback(served.running.discard)
    task.add_done_callback(lambda _task: _report_end(served, producer, release))
    await send({"type": "http.response.start", "status": 200, "headers": BINARY})
    index, loop = 0, asyncio.get_running_loop()
    while True:
        late = loop.call_later(served.settings.stream_gap, chunks.put_nowait, _LATE)
        chunk = await chunks.get()
        late.cancel()
        if chunk is _LATE:
            producer.read = False
            seconds = served.settings.stream_gap
            served.log.note(f"no chunk came from the stream for {seconds:g} s; the answer is left unfinished")
            return 200
        if chunk is _END:
            await send({"type": "http.response.body", "body": b""})
            return 200
        if client_gone(receive):
            producer.read = False
            return CLIENT_GONE
        try:
            data = chunk_bytes(chunk, index)
        except TrussError as error:
            producer.read = False
            served.log.failed(error)
            return 200
        index += 1
        await send({"type": "http.response.body", "body": data, "more_body": True})


class _Producer:
    """Runs a generator to its end, into a queue that is no longer filled once nobody reads it."""

    def __init__(self, chunks: asyncio.Queue[object], reporter: ErrorReporter, run: Run) -> None:
        self._chunks = chunks
        self._reporter = reporter
        self._run = run
        self.read = True
        self.count = 0
        self.error: TrussError | None = None

    async def produce(self, stream: Any) -> None:  # noqa: ANN401 - a generator of either kind
        """Put the chunks into the queue, and keep what the model raises."""
        try:
            async for chunk in _chunks(stream, self._run):
                self.count += 1
                if self.read:
                    self._chunks.put_nowait(chunk)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - the model's code
            self.error = self._reporter.error(error, f"the stream, after {_chunk_count(self.count)},")
        finally:
            self._chunks.put_nowait(_END)


def _report_end(served: ServedModel, producer: _Producer, release: Callable[[], None]) -> None:
    release()
    if producer.error is not None:
        served.log.failed(producer.error)
        served.log.note("the client got what came before, and status 200, as deployed")


async def _chunks(stream: Any, run: Run) -> AsyncIterator[object]:  # noqa: ANN401 - a generator of either kind
    """Yield what a generator of either kind yields, a sync one's from a thread."""
    if isinstance(stream, AsyncGenerator):
        async for chunk in stream:
            yield chunk
        return
    context = copy_context()  # one for all chunks, as deployed
    while (chunk := await run(context.run, _next, stream)) is not _END:
        yield chunk


def _next(stream: Generator[object, Any, Any]) -> object:
    return next(stream, _END)


def _chunk_count(number: int) -> str:
    return f"{number} chunk{'s' * (number != 1)}"
