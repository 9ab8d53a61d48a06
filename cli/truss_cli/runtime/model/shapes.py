"""Shapes of live objects: what the contract may know of a model that has been imported."""

import inspect
import types
from collections.abc import Callable, Mapping

from truss_cli.contract.shape import (
    Form,
    Member,
    ModelShape,
    NoSelf,
    NotCallable,
    Parameter,
    ParameterKind,
    Shape,
    Unknowable,
)
from truss_cli.contract.terms import METHODS
from truss_cli.runtime.model.annotations import annotation_of

_FORMS: tuple[tuple[Callable[[object], bool], Form], ...] = (
    (inspect.iscoroutinefunction, Form.COROUTINE),
    (inspect.isasyncgenfunction, Form.ASYNC_GENERATOR),
    (inspect.isgeneratorfunction, Form.GENERATOR),
)


def shape_of(function: object) -> Member:
    """Return the shape of what a caller would call: a bound method, a function, any callable."""
    if not callable(function):
        return NotCallable(_described(function))
    try:
        signature = inspect.signature(function)
    except (ValueError, TypeError) as error:
        return NoSelf() if "invalid method signature" in str(error) else Unknowable()
    scope = getattr(inspect.unwrap(function), "__globals__", {})
    parameters = tuple(
        Parameter(
            parameter.name,
            ParameterKind[parameter.kind.name],
            parameter.default is not parameter.empty,
            None if parameter.annotation is parameter.empty else annotation_of(parameter.annotation, scope),
        )
        for parameter in signature.parameters.values()
    )
    form = next((form for test, form in _FORMS if test(function)), Form.SYNC)
    returns = signature.return_annotation
    return Shape(parameters, form, None if returns is signature.empty else annotation_of(returns, scope))


def bound_methods(model: object) -> dict[str, object]:
    """Return the members that the server looks for, as a model has them once it has been constructed."""
    return {name: getattr(model, name) for name in METHODS if hasattr(model, name)}


def instance_shape(methods: Mapping[str, object]) -> ModelShape:
    """Return the shape of a model that has been constructed, by its bound methods."""
    return ModelShape(members={name: shape_of(method) for name, method in methods.items()})


def construction_shape(cls: object) -> Member:
    """Return the shape of calling a class; its methods are judged on the instance that it makes."""
    member = shape_of(cls)
    # Calling a class gives an instance, whatever `__init__` is written as.
    init = inspect.getattr_static(cls, "__init__", None) if isinstance(cls, type) else None
    if hasattr(init, "__wrapped__"):
        return Unknowable()  # the signature is that of another function than the one that is called
    if isinstance(member, Shape) and isinstance(init, types.FunctionType):
        form = next((form for test, form in _FORMS if test(init)), Form.SYNC)
        return Shape(member.parameters, form, member.returns)
    return member


def _described(value: object) -> str:
    if value is None:
        return "None"
    if isinstance(value, (bool, int, float)):
        return f"the number {value}" if not isinstance(value, bool) else str(value)
    kinds = ((str, "a string"), (list, "a list"), (dict, "a dict"), (tuple, "a tuple"))
    return next((words for kind, words in kinds if isinstance(value, kind)), f"a {type(value).__name__}")
