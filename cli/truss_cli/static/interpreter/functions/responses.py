"""Responses of Starlette and FastAPI, and their contents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.static.events import FailureKind, Result
from truss_cli.static.interpreter.chunks import unsendable_chunks
from truss_cli.static.interpreter.sending import Encoder
from truss_cli.static.values.values import (
    JSON,
    UNKNOWN,
    AbstractValue,
    Arguments,
    Container,
    Instance,
    Items,
    TupleValue,
    Typed,
    type_name,
)

if TYPE_CHECKING:
    import ast

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler

_RESPONSES = "starlette.responses"


def _json_response(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    """Report values that a `JSONResponse` cannot encode; it accepts plain JSON only."""
    content = arguments.argument(0, "content") or UNKNOWN
    encoder = Encoder(run, run.frame.module, node)
    certain = encoder.encode(content, "content") and encoder.certain
    if encoder.unsendable:
        run.events.append(
            Result("JSONResponse", run.frame.module, node, tuple(encoder.unsendable), certain, always=False)
        )
    return Typed(f"{_RESPONSES}.JSONResponse", (content,), run.origin(node))


def _streaming_response(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    """Report chunks of a `StreamingResponse` that are neither text nor bytes."""
    content = arguments.argument(0, "content") or UNKNOWN
    chunks: Items = run.operation("items of", content, node)
    element = chunks.element()
    if element is not None:
        report_chunks(run, "StreamingResponse", element, node)
    return Typed(f"{_RESPONSES}.StreamingResponse", (), run.origin(node))


def report_chunks(run: AbstractInterpreter, method: str, element: AbstractValue, node: ast.AST) -> None:
    """Report the chunks of a stream that cannot be sent."""
    chunks, certain = unsendable_chunks(run, element, node)
    if chunks:
        run.events.append(
            Result(method, run.frame.module, node, chunks, certain, always=False, streamed=True)
        )


def _response(name: str) -> Handler:
    def respond(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
        content = arguments.argument(0, "content")
        if isinstance(content, Container | TupleValue | Instance) and name != "FileResponse":
            label = content.cls.node.name if isinstance(content, Instance) else (type_name(content) or "")
            message = f"`{name}` takes text or bytes, not a `{label.rpartition('.')[2]}`"
            help_text = "Use `JSONResponse`, or encode the content with `json.dumps(...)`."
            raise run.fail(FailureKind.OPERATION, "AttributeError", node, message, help_text)
        return Typed(f"{_RESPONSES}.{name}", (), run.origin(node))

    return respond


def _request_coroutine(result: str) -> Handler:
    def respond(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
        del arguments, node
        value = JSON if result == "json" else Typed(result)
        return Typed("types.CoroutineType", (value,))

    return respond


_REQUEST_METHODS = {"is_disconnected": "builtins.bool", "body": "builtins.bytes", "json": "json"}

RESPONSES: dict[str, Handler] = {
    f"{_RESPONSES}.JSONResponse": _json_response,
    f"{_RESPONSES}.StreamingResponse": _streaming_response,
    **{
        f"{_RESPONSES}.{name}": _response(name)
        for name in ("Response", "HTMLResponse", "PlainTextResponse", "FileResponse", "RedirectResponse")
    },
    **{
        f"starlette.requests.Request.{name}": _request_coroutine(result)
        for name, result in _REQUEST_METHODS.items()
    },
}
