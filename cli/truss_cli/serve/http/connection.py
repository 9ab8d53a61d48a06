"""The client of a request: whether it is still there, and the request object that a method may take."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truss_cli.serve.http.answer import Message, Receive, Scope

_LOOK_SECONDS = 1.0


def client_gone(receive: Receive) -> bool:
    """Whether the client of a request whose body has been read has left.

    The server's next message says so, if there is one: the call is begun, and
    dropped where it would wait.
    """
    waiting = receive()
    try:
        waiting.send(None)  # type: ignore[attr-defined]  # servers write `receive` as a coroutine
    except StopIteration as message:
        gone: bool = message.value["type"] == "http.disconnect"
        return gone
    waiting.close()  # type: ignore[attr-defined]  # as above
    return False


async def new_client_request(scope: Scope, receive: Receive, body: bytes) -> object:
    """Return starlette's request, its body read; the model has imported starlette to ask for it."""
    from starlette.requests import Request  # noqa: PLC0415 - few models ask for it

    unread = [body]

    async def replay() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    request = Request({**scope, "state": dict(scope.get("state", {}))}, replay)
    await request.body()
    loop = asyncio.get_running_loop()

    @contextmanager
    def watch_disconnect() -> Iterator[threading.Event]:
        """Yield an event that is set once the client has left; for use in any thread."""
        gone = threading.Event()

        async def watch() -> None:
            while not client_gone(receive):  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(_LOOK_SECONDS)
            gone.set()

        watching = asyncio.run_coroutine_threadsafe(watch(), loop)
        try:
            yield gone
        finally:
            watching.cancel()

    request.state.watch_disconnect = watch_disconnect
    return request
