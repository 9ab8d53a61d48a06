"""Answers: what is sent, and the errors in the deployed server's words."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple

Message = MutableMapping[str, Any]  # Any: as ASGI types it
Scope = MutableMapping[str, Any]  # Any: as ASGI types it
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]

JSON: Headers = ((b"content-type", b"application/json"),)
BINARY: Headers = ((b"content-type", b"application/octet-stream"),)

UNEXPECTED, MODEL, CLIENT = 500, 600, 700
"""Whose fault an error is, as its header says: the server's, the model's, the client's."""
MODEL_ERROR = "Internal Server Error (in model/chainlet)."
CLIENT_GONE = 499
"""The status of a request whose client left; nobody receives it."""


class Answer(NamedTuple):
    """A whole answer."""

    status: int
    body: bytes
    headers: Headers = JSON


class AnswerError(Exception):
    """Ends the handling of a request with an answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


async def send_answer(send: Send, answer: Answer) -> None:
    """Send it."""
    status, body, headers = answer
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": (*headers, length)})
    await send({"type": "http.response.body", "body": body})


def error_answer(status: int, error: object, code: int) -> Answer:
    """Return an error as the deployed server words it; `error` is what JSON can hold."""
    return Answer(status, compact_json({"error": error}), (*error_headers(code), *JSON))


def error_headers(code: int) -> Headers:
    """Return the headers that say where an error comes from."""
    return ((b"x-baseten-error-source", b"04"), (b"x-baseten-error-code", b"%03d" % code))


def unexpected(error: BaseException) -> Answer:
    """Return the answer to what the deployed server did not expect, such as a result that cannot be sent."""
    return error_answer(500, f"Unhandled exception: {type(error).__name__}: {error}", UNEXPECTED)


def not_ready() -> Answer:
    """Return the answer while the model is not ready."""
    return error_answer(503, "Model with name model is not ready.", MODEL)


def detail_answer(status: int, detail: str, headers: Headers = ()) -> Answer:
    """Return an error of the routing alone."""
    return Answer(status, compact_json({"detail": detail}), (*headers, *JSON))


def compact_json(value: object) -> bytes:
    """Return JSON as the deployed server's framework writes it; lone surrogates become question marks."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace")


def header(scope: Scope, name: bytes) -> bytes | None:
    """Return the first header of a name, in lower case."""
    for key, value in scope["headers"]:
        if key == name:
            found: bytes = value
            return found
    return None
