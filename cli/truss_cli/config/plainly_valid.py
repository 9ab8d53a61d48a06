"""A quick look at a value that is valid beyond doubt.

Building pydantic's validators costs milliseconds, and most values in most files are plain:
a string where a string is meant. What passes here pydantic accepts too; what does not is
left to pydantic, which has the last word and the reasons.
"""

from collections.abc import Callable, Iterable
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import MinLen
from pydantic import AfterValidator
from pydantic.fields import FieldInfo

Look = Callable[[Any], bool]  # Any: a value not yet checked


def look(annotation: object, metadata: Iterable[object] = ()) -> Look:
    """Return what tells whether a value is valid beyond doubt by an annotation and its metadata."""
    look_at = _by_annotation(annotation)
    for mark in metadata:
        if isinstance(mark, FieldInfo):
            look_at = _and(look_at, look(Any, mark.metadata))
        elif isinstance(mark, AfterValidator):
            look_at = _and(look_at, _passes(mark.func))
        elif isinstance(mark, MinLen):
            look_at = _and(look_at, _is_long(mark.min_length))
        elif type(mark).__module__.partition(".")[0] in ("pydantic", "pydantic_core", "annotated_types"):
            return _never
    return look_at


def _by_annotation(annotation: object) -> Look:
    if annotation is Any or annotation is object:
        return _always
    if annotation in (str, bool, int, NoneType):
        return lambda value: type(value) is annotation
    origin, arguments = get_origin(annotation), get_args(annotation)
    by_origin = _BY_ORIGIN.get(origin)
    return by_origin(arguments) if by_origin else _never


def _annotated(arguments: tuple[object, ...]) -> Look:
    return look(arguments[0], arguments[1:])


def _literal(arguments: tuple[object, ...]) -> Look:
    return lambda value: type(value) is str and value in arguments


def _union(arguments: tuple[object, ...]) -> Look:
    members = [look(member) for member in arguments]
    return lambda value: any(member(value) for member in members)


def _list(arguments: tuple[object, ...]) -> Look:
    item = look(arguments[0])
    return lambda value: type(value) is list and all(map(item, value))


def _dict(arguments: tuple[object, ...]) -> Look:
    name, item = map(look, arguments)
    return lambda value: type(value) is dict and all(map(name, value)) and all(map(item, value.values()))


_BY_ORIGIN: dict[object, Callable[[tuple[object, ...]], Look]] = {
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


def _and(first: Look, second: Look) -> Look:
    return lambda value: first(value) and second(value)


def _is_long(least: int) -> Look:
    return lambda value: len(value) >= least


def _passes(function: Callable[..., object]) -> Look:
    def passes(value: object) -> bool:
        try:
            function(value)
        except ValueError:
            return False
        return True

    return passes
