"""The input as the request object that a method may ask for."""

import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from truss_cli.contract.terms import ENDPOINT_ROUTES, PREDICT_ROUTE


def scope_of(body: bytes, method: str = "predict") -> dict[str, Any]:  # Any: as ASGI types it
    """Return the ASGI scope of a request for a method with this body, as the server receives it."""
    path = ENDPOINT_ROUTES.get(method, PREDICT_ROUTE)
    headers = [
        (b"host", b"localhost:8080"),
        (b"accept", b"*/*"),
        (b"user-agent", b"truss-cli"),
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8080),
        "state": {},
        "extensions": {},
    }


def new_request(body: bytes, method: str = "predict") -> object:
    """Return a starlette request; the model has imported starlette, or it could not ask for one."""
    from starlette.requests import Request  # noqa: PLC0415 - not a dependency

    sent = False

    async def receive() -> MutableMapping[str, Any]:
        nonlocal sent
        if sent:
            import asyncio  # noqa: PLC0415 - takes as long to import as all else together

            await asyncio.Event().wait()  # nobody leaves before the answer is there
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    request = Request(scope_of(body, method), receive)
    request.state.watch_disconnect = _watch_disconnect
    return request


@contextmanager
def _watch_disconnect() -> Iterator[threading.Event]:
    """Yield an event that is set once the client has left, which here it does not."""
    yield threading.Event()
