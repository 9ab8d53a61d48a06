"""A fast path around pydantic for the plain values that most files consist of.

Building pydantic's validators costs milliseconds, which a lint of a valid file need not pay.
The one invariant: a value that passes here is accepted by pydantic as well. A value that does
not pass is handed to pydantic, which decides and explains.
"""

from collections.abc import Callable, Iterable
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import MinLen
from pydantic import AfterValidator
from pydantic.fields import FieldInfo

FastCheck = Callable[[Any], bool]  # Any: a value not yet checked


def fast_check_of(annotation: object, metadata: Iterable[object] = ()) -> FastCheck:
    """Return a predicate for values that an annotation with its metadata certainly accepts."""
    check = _by_annotation(annotation)
    for mark in metadata:
        if isinstance(mark, FieldInfo):
            check = _and(check, fast_check_of(Any, mark.metadata))
        elif isinstance(mark, AfterValidator):
            check = _and(check, _passes(mark.func))
        elif isinstance(mark, MinLen):
            check = _and(check, _is_long(mark.min_length))
        elif type(mark).__module__.partition(".")[0] in ("pydantic", "pydantic_core", "annotated_types"):
            return _never
    return check


def _by_annotation(annotation: object) -> FastCheck:
    if annotation is Any or annotation is object:
        return _always
    if annotation in (str, bool, int, NoneType):
        return lambda value: type(value) is annotation
    origin, arguments = get_origin(annotation), get_args(annotation)
    by_origin = _BY_ORIGIN.get(origin)
    return by_origin(arguments) if by_origin else _never


def _annotated(arguments: tuple[object, ...]) -> FastCheck:
    return fast_check_of(arguments[0], arguments[1:])


def _literal(arguments: tuple[object, ...]) -> FastCheck:
    return lambda value: type(value) is str and value in arguments


def _union(arguments: tuple[object, ...]) -> FastCheck:
    members = [fast_check_of(member) for member in arguments]
    return lambda value: any(member(value) for member in members)


def _list(arguments: tuple[object, ...]) -> FastCheck:
    item = fast_check_of(arguments[0])
    return lambda value: type(value) is list and all(map(item, value))


def _dict(arguments: tuple[object, ...]) -> FastCheck:
    name, item = map(fast_check_of, arguments)
    return lambda value: type(value) is dict and all(map(name, value)) and all(map(item, value.values()))


_BY_ORIGIN: dict[object, Callable[[tuple[object, ...]], FastCheck]] = {
    Annotated: _annotated,
    Literal: _literal,
    Union: _union,
    UnionType: _union,
    list: _list,
    dict: _dict,
}


def _always(value: object) -> bool:
    del value
    return True


def _never(value: object) -> bool:
    del value
    return False


def _and(first: FastCheck, second: FastCheck) -> FastCheck:
    return lambda value: first(value) and second(value)


def _is_long(least: int) -> FastCheck:
    return lambda value: len(value) >= least


def _passes(function: Callable[..., object]) -> FastCheck:
    def passes(value: object) -> bool:
        try:
            function(value)
        except ValueError:
            return False
        return True

    return passes
