"""The application: finds what answers a request, and logs how it went."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from truss_cli.contract.terms import ENDPOINTS
from truss_cli.serve.http import routes, status
from truss_cli.serve.http.answer import (
    CLIENT_GONE,
    Answer,
    Receive,
    Scope,
    Send,
    detail_answer,
    header,
    send_answer,
    unexpected,
)
from truss_cli.serve.http.endpoint import Endpoint
from truss_cli.serve.http.routes import Match, find_route
from truss_cli.serve.http.websocket import serve_websocket

if TYPE_CHECKING:
    from truss_cli.serve.http.served_model import ServedModel

Target = Callable[[Scope, Receive, Send], Awaitable[int]]
_SAFE_IN_URL = ":/%#?=@[]!$&'()*+,;"
_TRUE = Answer(200, b"true")


class Application:
    """The ASGI application around a model; `page` is what a browser gets at `/`."""

    def __init__(self, served: ServedModel, page: Callable[[], Answer]) -> None:
        self._served = served
        self._page = page
        self._targets: dict[str, Target] = {
            routes.LIVENESS: self._liveness,
            routes.READINESS: self._status(status.readiness),
            routes.LOADED: self._status(status.loaded),
            routes.SCHEMA: self._status(status.schema),
            routes.METRICS: functools.partial(status.metrics, served),
            **{method: Endpoint(method, served) for method in ("predict", *ENDPOINTS)},
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or serve a websocket."""
        began, log = time.perf_counter(), self._served.log
        code = 500
        if scope["type"] == "websocket":
            try:
                code = await serve_websocket(self._served, scope, receive, send)
            finally:
                log.request("WS", scope, code, time.perf_counter() - began)
            return
        try:
            match = find_route(scope["method"], scope["path"])
            if match.target is not None:
                code = await self._targets[match.target](scope, receive, send)
            else:
                code = await self._elsewhere(match, scope, send)
        except asyncio.CancelledError:
            code = CLIENT_GONE
            raise
        except Exception as error:  # noqa: BLE001 - a fault of the tool's own must not end the server
            log.fault(error)
            await send_answer(send, unexpected(error))
        finally:
            log.request(scope["method"], scope, code, time.perf_counter() - began)

    async def _liveness(self, scope: Scope, _receive: Receive, send: Send) -> int:
        wants_page = b"text/html" in (header(scope, b"accept") or b"")
        return await _send(send, self._page() if wants_page else _TRUE)

    def _status(self, find: Callable[[ServedModel], Awaitable[Answer]]) -> Target:
        async def answer(_scope: Scope, _receive: Receive, send: Send) -> int:
            return await _send(send, await find(self._served))

        return answer

    async def _elsewhere(self, match: Match, scope: Scope, send: Send) -> int:
        if match.allow is not None:
            allow = ((b"allow", match.allow.encode()),)
            return await _send(send, detail_answer(405, "Method Not Allowed", allow))
        if match.redirect is not None:
            location = _url(scope, match.redirect)
            return await _send(send, Answer(307, b"", ((b"location", location),)))
        return await _send(send, detail_answer(404, "Not Found"))


async def _send(send: Send, answer: Answer) -> int:
    await send_answer(send, answer)
    return answer.status


def _url(scope: Scope, path: str) -> bytes:
    """Return the URL of another path, by the name that the client knows this server by."""
    host = (header(scope, b"host") or b"").decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    url = f"{scope['scheme']}://{host}{path}" + (f"?{query}" if query else "")
    return quote(url, safe=_SAFE_IN_URL).encode()
