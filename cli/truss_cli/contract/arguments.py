"""What the methods that answer requests may take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.contract.shape import Annotation, Form, Parameter, ParameterKind, Shape
from truss_cli.contract.terms import MOST_ARGUMENTS, PIPELINE, REQUEST, Breach, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_BY_POSITION = (ParameterKind.KEYWORD_ONLY, ParameterKind.VAR_KEYWORD)


def takes_request(parameter: Parameter) -> bool:
    """Whether the server sees that the parameter wants the request, and passes it."""
    return _means_request(parameter.annotation) and not _is_postponed(parameter.annotation)


def takes_request_only(shape: Shape) -> bool:
    """Whether the method's one argument is the request."""
    return len(shape.parameters) == 1 and takes_request(shape.parameters[0])


def endpoint_breaches(name: str, shape: Shape) -> Iterator[Breach]:
    """Yield the breaches of a method that is called with an input, a request, or both, by position."""
    yield from _count_breaches(name, shape)
    if len(shape.parameters) > MOST_ARGUMENTS:
        return
    for parameter in shape.parameters:
        if parameter.kind in _NOT_BY_POSITION:
            kind = Kind.NOT_POSITIONAL if name in PIPELINE else Kind.ENDPOINT_NOT_POSITIONAL
            message = f"`{name}` cannot take `{parameter.name}` by position, as the server passes it"
            yield Breach(kind, name, message, f"Write `def {name}(self, {parameter.name})`.", parameter.name)
    if len(shape.parameters) == 1:
        yield from _postponed_request(name, shape.parameters[0])


def websocket_breaches(name: str, shape: Shape) -> Iterator[Breach]:
    """Yield the breaches of `websocket`, a coroutine that takes the connection."""
    yield from _count_breaches(name, shape)
    if len(shape.parameters) != 1 or takes_request(shape.parameters[0]):
        message = f"`websocket` takes {shape}; it must take exactly the connection"
        help_text = "Write `async def websocket(self, websocket: fastapi.WebSocket)`."
        yield Breach(Kind.WEBSOCKET_ARGUMENTS, name, message, help_text)
    if shape.form not in (Form.COROUTINE, Form.UNKNOWN):
        help_text = "Write `async def websocket`, without `yield`."
        yield Breach(Kind.WEBSOCKET_SYNC, name, "`websocket` is not a coroutine", help_text)


def is_healthy_breaches(name: str, shape: Shape) -> Iterator[Breach]:
    """Yield the breaches of `is_healthy`, which takes nothing."""
    if shape.parameters:
        message = f"`is_healthy` takes {shape}; the server gives it nothing"
        first = shape.parameters[0].name
        yield Breach(Kind.IS_HEALTHY_ARGUMENTS, name, message, "Write `def is_healthy(self) -> bool`.", first)


def setup_environment_breaches(name: str, shape: Shape) -> Iterator[Breach]:
    """Yield the breaches of `setup_environment`, inspected as an endpoint but called with one argument."""
    yield from _count_breaches(name, shape)
    if not _accepts_one(shape):
        message = f"`setup_environment` takes {shape}; the server calls it with the environment alone"
        help_text = "Write `def setup_environment(self, environment)`."
        yield Breach(Kind.SETUP_ENVIRONMENT_ARGUMENTS, name, message, help_text)


def _count_breaches(name: str, shape: Shape) -> Iterator[Breach]:
    count = len(shape.parameters)
    if count > MOST_ARGUMENTS:
        message = f"`{name}` takes {count} arguments {shape}; the server allows at most {MOST_ARGUMENTS}"
        help_text = "Take one input, and at most `request: starlette.requests.Request` after it."
        extra = shape.parameters[MOST_ARGUMENTS].name
        yield Breach(Kind.TOO_MANY_ARGUMENTS, name, message, help_text, extra)
    elif count == MOST_ARGUMENTS:
        yield from _two_argument_breaches(name, *shape.parameters)


def _two_argument_breaches(name: str, first: Parameter, second: Parameter) -> Iterator[Breach]:
    if takes_request(first):
        message = f"`{name}` takes the request first; of two arguments it must be the second"
        help_text = f"Write `def {name}(self, {second.name}, {first.name}: Request)`."
        yield Breach(Kind.REQUEST_FIRST, name, message, help_text, first.name)
    elif _is_postponed(second.annotation):
        message = f"`{second.name}` of `{name}` is annotated with a string, which the server does not resolve"
        help_text = f"Write `{second.name}: Request` without quotes or `from __future__ import annotations`."
        yield Breach(Kind.SECOND_NOT_REQUEST, name, message, help_text, second.name)
    elif not _may_be_request(second.annotation):
        message = f"`{second.name}`, second argument of `{name}`, is not annotated as the request"
        help_text = f"Write `{second.name}: starlette.requests.Request`, or read it from the input."
        yield Breach(Kind.SECOND_NOT_REQUEST, name, message, help_text, second.name)


def _postponed_request(name: str, parameter: Parameter) -> Iterator[Breach]:
    if _means_request(parameter.annotation) and _is_postponed(parameter.annotation):
        message = (
            f"`{parameter.name}` of `{name}` gets the input, not the request: its annotation is a string"
        )
        help_text = "Remove the quotes, or `from __future__ import annotations`."
        yield Breach(Kind.REQUEST_POSTPONED, name, message, help_text, parameter.name)


def _accepts_one(shape: Shape) -> bool:
    positional = [parameter for parameter in shape.parameters if parameter.kind not in _NOT_BY_POSITION]
    return bool(positional) and not any(p.required for p in shape.parameters if p is not positional[0])


def _means_request(annotation: Annotation | None) -> bool:
    return annotation is not None and annotation.type.is_a(REQUEST)


def _may_be_request(annotation: Annotation | None) -> bool:
    return annotation is not None and (annotation.type.is_a(REQUEST) or annotation.type.open)


def _is_postponed(annotation: Annotation | None) -> bool:
    return annotation is not None and annotation.postponed
