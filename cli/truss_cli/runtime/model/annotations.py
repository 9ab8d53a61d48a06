"""Annotations of live objects as the contract's types."""

from __future__ import annotations

import builtins
import re
import types
import typing

from truss_cli.contract.shape import UNKNOWN_TYPE, Annotation, Type
from truss_cli.contract.terms import CANONICAL

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

_DOTTED_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_NONE = Type("builtins.None")
_UNION = getattr(types, "UnionType", None)
"""Of `X | Y`, which Python has since 3.10."""
_SPECIAL_FORMS: Mapping[object, tuple[str, int | None]] = {
    typing.Union: ("typing.Union", None),
    typing.Annotated: ("typing.Annotated", 1),
    typing.Literal: ("typing.Literal", 0),
    typing.ClassVar: ("typing.ClassVar", None),
    typing.Final: ("typing.Final", None),
}
"""How many of their arguments are types."""
_WITHOUT_ARGUMENTS: Mapping[type, Type] = {
    type(None): _NONE,
    type(...): Type("builtins.Ellipsis"),
    typing.TypeVar: Type("typing.TypeVar"),
}

_Known = dict[int, Type]
"""By the identity of what is read, which is alive meanwhile."""


def annotation_of(value: object, scope: Mapping[str, object]) -> Annotation:
    """Return an annotation as written; a string is looked up in the scope if it is a mere name."""
    if isinstance(value, str):
        return Annotation(_named(value.strip(), scope), postponed=True)
    return Annotation(type_of(value))


def type_of(value: object) -> Type:
    """Return the type that a live annotation means; UNKNOWN_TYPE for what has no name of its own."""
    return _type_of(value, {})


def _type_of(value: object, known: _Known) -> Type:
    # Aliases share what they are made of, so that without memory the time would be exponential.
    if id(value) not in known:
        known[id(value)] = _read(value, known)
    return known[id(value)]


def _read(value: object, known: _Known) -> Type:
    supertype = getattr(value, "__supertype__", None)  # of a NewType, which was a function before 3.10
    if supertype is not None and getattr(value, "__module__", None) and not isinstance(value, type):
        return Type("typing.NewType", (_type_of(supertype, known),))  # not a class, whatever it is made of
    if _UNION is not None and isinstance(value, _UNION):
        return Type("types.UnionType", _arguments(value, known))
    if type(value) in _WITHOUT_ARGUMENTS:
        return _WITHOUT_ARGUMENTS[type(value)]
    origin = typing.get_origin(value)
    if origin in _SPECIAL_FORMS:
        name, count = _SPECIAL_FORMS[origin]
        return Type(name, _arguments(value, known)[:count])
    cls = origin if isinstance(value, types.GenericAlias) else value
    if isinstance(cls, type):
        return _class(cls, _arguments(value, known), known)
    return _typing_form(value, origin, known) if type(value).__module__ == "typing" else UNKNOWN_TYPE


def _class(cls: type, arguments: tuple[Type, ...], known: _Known) -> Type:
    made_of = getattr(cls, "__pydantic_generic_metadata__", None) or {}
    if made_of.get("origin"):  # Pydantic makes a class of its own of `Box[int]`
        cls, arguments = made_of["origin"], tuple(_type_of(argument, known) for argument in made_of["args"])
    return Type(_canonical(cls), arguments, _ancestors(cls))


def _typing_form(value: object, origin: object, known: _Known) -> Type:
    """Return the type of one of typing's own objects, such as `typing.List[int]` or a user's `Box[int]`."""
    name = getattr(value, "_name", None)
    if isinstance(origin, type) and origin.__module__ not in ("builtins", "collections", "collections.abc"):
        is_known = getattr(typing, str(name), None) is not None and origin.__module__ in ("contextlib", "re")
        if not is_known:
            return Type(_canonical(origin), _arguments(value, known), _ancestors(origin))
    if isinstance(name, str) and hasattr(typing, name):
        return Type(f"typing.{name}", _arguments(value, known))
    return UNKNOWN_TYPE


def _arguments(value: object, known: _Known) -> tuple[Type, ...]:
    return tuple(_type_of(argument, known) for argument in typing.get_args(value))


def _canonical(cls: type) -> str:
    name = f"{cls.__module__}.{cls.__qualname__}"
    return CANONICAL.get(name, name)


def _ancestors(cls: type) -> frozenset[str]:
    return frozenset(_canonical(base) for base in cls.__mro__[1:] if base is not object)


def _named(text: str, scope: Mapping[str, object]) -> Type:
    """Look a plain dotted name up, running no code of the model's."""
    if text == "None":
        return _NONE
    if not _DOTTED_NAME.fullmatch(text):
        return UNKNOWN_TYPE
    first, *rest = text.split(".")
    found = scope.get(first, getattr(builtins, first, None))
    for name in rest:
        found = vars(found).get(name) if isinstance(found, (types.ModuleType, type)) else None
    return type_of(found) if found is not None else UNKNOWN_TYPE
