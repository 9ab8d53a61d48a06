"""Entries of the library tables: functions, classes, values and modules, with their types."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

ParameterKind = Literal["positional", "normal", "keyword", "*", "**"]


class LibraryParameter(NamedTuple):
    """A parameter of a function: positional-only, normal, keyword-only, or the rest of either kind."""

    name: str
    kind: ParameterKind
    type: str
    required: bool


class Signature(NamedTuple):
    """One way to call a function; a method's has no parameter for the object it is bound to."""

    parameters: tuple[LibraryParameter, ...]
    returns: str
    is_async: bool
    receiver: str = ""
    """Type of the object for which this overload applies; empty if it applies to all."""


class Member(NamedTuple):
    """An attribute of a class."""

    kind: Literal["method", "classmethod", "staticmethod", "property", "value"]
    signatures: tuple[Signature, ...] = ()
    type: str = ""


class LibraryEntry(NamedTuple):
    """A name of the standard library, described where it is defined."""

    kind: Literal["function", "class", "value", "module"]
    name: str
    signatures: tuple[Signature, ...] = ()
    type: str = ""
    bases: tuple[str, ...] = ()
    type_parameters: tuple[str, ...] = ()
    members: Mapping[str, Member] = {}
