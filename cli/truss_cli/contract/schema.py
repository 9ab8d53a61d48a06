"""The annotations from which the server derives the schema of a model's input and result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.contract.terms import PYDANTIC_MODEL, Breach, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truss_cli.contract.shape import ModelShape, Parameter, Type

_ONE_ARGUMENT = ("typing.Awaitable", "typing.Coroutine")
_PAIR = 2


def input_parameter(model: ModelShape) -> tuple[str, Parameter] | None:
    """Return the method and the parameter that the request's JSON is parsed for."""
    method = "preprocess" if "preprocess" in model.members else "predict"
    shape = model.shape(method)
    return (method, shape.parameters[0]) if shape and shape.parameters else None


def returning_method(model: ModelShape) -> str:
    """Name of the method whose result is sent."""
    return "postprocess" if "postprocess" in model.members else "predict"


def schema_breaches(model: ModelShape) -> Iterator[Breach]:
    """Yield the annotations that the server cannot read, or reads as a mere string."""
    if "predict" not in model.members or "websocket" in model.members:
        return
    found = input_parameter(model)
    if found:
        yield from _postponed_input(*found)
    method = returning_method(model)
    shape = model.shape(method)
    if shape and shape.returns and not shape.returns.postponed:
        unreadable = _unreadable(shape.returns.type)
        if unreadable:
            message = f"the server cannot read `{unreadable}` in the return annotation of `{method}`"
            help_text = "Annotate an `async def` with what it returns when awaited, such as `-> dict`."
            yield Breach(Kind.RETURN_UNREADABLE, method, message, help_text)


def _postponed_input(method: str, parameter: Parameter) -> Iterator[Breach]:
    annotation = parameter.annotation
    if annotation and annotation.postponed and annotation.type.is_a(PYDANTIC_MODEL):
        given = f"a plain dict, not `{annotation.type}`"
        message = f"`{parameter.name}` of `{method}` gets {given}: its annotation is a string"
        help_text = "Remove the quotes, or `from __future__ import annotations`."
        yield Breach(Kind.INPUT_POSTPONED, method, message, help_text, parameter.name)


def _unreadable(returns: Type) -> Type | None:
    """Return the awaitable form on which the server fails: it takes apart exactly one argument.

    A union is looked into when it has two members and is of `typing`'s kind.
    """
    union = returns.name == "typing.Union" and len(returns.arguments) == _PAIR
    for candidate in returns.arguments if union else (returns,):
        if candidate.name in _ONE_ARGUMENT and len(candidate.arguments) != 1:
            return candidate
        if candidate.name == "collections.abc.Coroutine" and len(candidate.arguments) > 1:
            return candidate
    return None
