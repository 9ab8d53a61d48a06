"""ASGI middleware that refuses requests of foreign hosts and web pages, and sends CORS headers."""

from __future__ import annotations

import shlex
import time
from typing import TYPE_CHECKING

from truss_cli.serve.http.answer import (
    Answer,
    Headers,
    Message,
    Receive,
    Scope,
    Send,
    detail_answer,
    header,
    send_answer,
)

if TYPE_CHECKING:
    from truss_cli.serve.http.access_policy import AccessPolicy, Refusal
    from truss_cli.serve.http.application import Application
    from truss_cli.serve.terminal.log import ServeLog

_REFUSED = 403
_NO_CONTENT = 204
_MAX_REPORTED = 50
"""Refusals that are explained; a page can send any number of them."""
_LONGEST_REASON = 200
_MAX_AGE = b"600"
"""Seconds for which a browser remembers a preflight."""


class AccessControl:
    """The application behind an access policy."""

    def __init__(self, application: Application, policy: AccessPolicy, log: ServeLog) -> None:
        self._application = application
        self._policy = policy
        self._log = log
        self._reported: set[Refusal] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, answer a preflight, or pass the request on."""
        refusal = self._policy.refusal(scope)
        if refusal is not None:
            await self._refuse(refusal, scope, send)
            return
        origin = header(scope, b"origin")
        if origin is None or scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        allow_origin = self._policy.cors_origin(origin.decode("latin-1"))
        if allow_origin is None:
            if _is_preflight(scope) and (foreign := self._policy.foreign_origin(scope)):
                self._report(foreign)
            await self._application(scope, receive, send)
        elif _is_preflight(scope):
            began = time.perf_counter()
            await send_answer(send, _preflight_answer(scope, allow_origin))
            self._log.request("OPTIONS", scope, _NO_CONTENT, time.perf_counter() - began)
        else:
            await self._application(scope, receive, _with_headers(send, _cors_headers(allow_origin)))

    async def _refuse(self, refusal: Refusal, scope: Scope, send: Send) -> None:
        self._report(refusal)
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000, "reason": ""})  # before accepting: 403
        else:
            detail = f"Requests {refusal.reason[:_LONGEST_REASON]} are refused."
            await send_answer(send, detail_answer(_REFUSED, detail))
        self._log.request(scope.get("method", "WS"), scope, _REFUSED, 0.0)

    def _report(self, refusal: Refusal) -> None:
        """Name the option that allows a request, once for each value."""
        if refusal in self._reported or len(self._reported) >= _MAX_REPORTED:
            return
        self._reported.add(refusal)
        option = f"{refusal.option} {shlex.quote(refusal.value)}" if refusal.value is not None else None
        hint = f"If you trust it, add `{option}` to the command." if option else None
        self._log.note(f"refused a request {refusal.reason[:_LONGEST_REASON]}", hint)


def _is_preflight(scope: Scope) -> bool:
    return scope["method"] == "OPTIONS" and header(scope, b"access-control-request-method") is not None


def _cors_headers(allow_origin: str) -> Headers:
    headers: Headers = (
        (b"access-control-allow-origin", allow_origin.encode("latin-1")),
        (b"access-control-expose-headers", b"*"),
    )
    return headers if allow_origin == "*" else (*headers, (b"vary", b"Origin"))


def _preflight_answer(scope: Scope, allow_origin: str) -> Answer:
    names = header(scope, b"access-control-request-headers")
    headers = [
        *_cors_headers(allow_origin),
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-max-age", _MAX_AGE),
    ]
    if names is not None:
        headers.append((b"access-control-allow-headers", names))
    if header(scope, b"access-control-request-private-network") is not None:
        headers.append((b"access-control-allow-private-network", b"true"))
    return Answer(_NO_CONTENT, b"", tuple(headers))


def _with_headers(send: Send, headers: Headers) -> Send:
    """Add headers to the answer, in place of those that the model has set."""
    cors_names = {name for name, _ in headers if name != b"vary"}

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            model_headers = [pair for pair in message.get("headers", ()) if pair[0].lower() not in cors_names]
            message = {**message, "headers": [*model_headers, *headers]}
        await send(message)

    return send_with_headers
