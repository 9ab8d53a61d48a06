"""A request's body: read within a limit, and parsed as the deployed server parses it."""

from __future__ import annotations

import json
from textwrap import indent
from typing import Any

from truss_cli.serve.http.answer import (
    CLIENT,
    CLIENT_GONE,
    Answer,
    AnswerError,
    Receive,
    Scope,
    error_answer,
    header,
    unexpected,
)

MOST_HEAD_BYTES = 64 * 2**10
"""Of the request line and the headers."""
_CLOSE = ((b"connection", b"close"),)


def is_binary(scope: Scope) -> bool:
    """Whether the body is MessagePack, and so the answer."""
    content_type = header(scope, b"content-type")
    if content_type is None:
        return False
    return content_type.partition(b";")[0].strip().lower() == b"application/octet-stream"


async def read_body(scope: Scope, receive: Receive, most: int) -> bytes:
    """Return the whole body; raise AnswerError for one of more than `most` bytes, or if the client leaves."""
    length = header(scope, b"content-length")
    if length is not None and int(length) > most:
        raise AnswerError(_too_large(most))
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        whole: bytes = message.get("body", b"")
        if len(whole) > most:
            raise AnswerError(_too_large(most))
        return whole
    parts, size = [], 0
    while message["type"] == "http.request":
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if size > most:
            raise AnswerError(_too_large(most))
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()
    raise AnswerError(error_answer(CLIENT_GONE, "Client disconnected while reading request.", 600))


def parse_input(body: bytes, input_model: Any, *, binary: bool) -> object:  # noqa: ANN401 - a class of the user's pydantic
    """Return the value in a body, as an instance of `input_model` if there is one; raise AnswerError."""
    if binary:
        value = _unpacked(body)
        return value if input_model is None else _parsed(input_model, value)
    if input_model is not None:
        return _parsed_text(input_model, body)
    try:
        return json.loads(body)
    except json.JSONDecodeError as error:
        raise AnswerError(_bad_input(f"Invalid JSON payload: {error}")) from error
    except (ValueError, RecursionError) as error:
        raise AnswerError(unexpected(error)) from error


def _unpacked(body: bytes) -> object:
    from truss_cli.serve.http.binary import unpack  # noqa: PLC0415 - for binary requests alone

    try:
        return unpack(body)
    except ValueError as error:
        raise AnswerError(_bad_input(str(error))) from error
    except Exception as error:
        raise AnswerError(unexpected(error)) from error


def _parsed_text(model: Any, body: bytes) -> object:  # noqa: ANN401 - a class of the user's pydantic
    try:
        value = json.loads(body.decode())
    except ValueError as error:  # not JSON, or not UTF-8
        raise AnswerError(_bad_input(_listed(1, [("`__root__`", str(error))]))) from error
    except RecursionError as error:
        raise AnswerError(unexpected(error)) from error
    return _parsed(model, value)


def _parsed(model: Any, value: object) -> object:  # noqa: ANN401 - a class of the user's pydantic
    import pydantic  # noqa: PLC0415 - the model has imported it

    try:
        return model.model_validate(value)
    except pydantic.ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        listed = [(f"`{_dotted(problem['loc'])}`", problem["msg"]) for problem in problems]
        raise AnswerError(_bad_input(_listed(error.error_count(), listed))) from error
    except Exception as error:
        raise AnswerError(unexpected(error)) from error


def _listed(count: int, problems: list[tuple[str, str]]) -> str:
    heading = "Input Parsing Error:" if count == 1 else "Input Parsing Errors:"
    return "\n".join([heading, *(indent(f"{place}: {message}.", "  ") for place, message in problems)])


def _dotted(place: tuple[str | int, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return "".join(steps).removeprefix(".")


def _bad_input(message: str) -> Answer:
    return error_answer(400, message, CLIENT)


def _too_large(most: int) -> Answer:
    answer = error_answer(413, f"The request's body is larger than {most} bytes (`--max-body`).", CLIENT)
    return answer._replace(headers=(*answer.headers, *_CLOSE))
