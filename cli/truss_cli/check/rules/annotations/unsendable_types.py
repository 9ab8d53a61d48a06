"""Annotated types that cannot be sent as JSON."""

import ast
from typing import NamedTuple

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.contract.results import DATACLASS_HELP, STREAM_TYPES, refusal
from truss_cli.contract.shape import Type
from truss_cli.static.names.scopes import scope_of
from truss_cli.static.names.symbols import External

_OBJECT_HELP = "Return a dict of its contents, or derive the class from `pydantic.BaseModel`."
_CONTAINERS = frozenset(
    {
        "builtins.dict",
        "builtins.list",
        "builtins.tuple",
        "collections.OrderedDict",
        "collections.abc.Mapping",
        "collections.abc.Sequence",
        "collections.defaultdict",
        "typing.Dict",
        "typing.List",
        "typing.Mapping",
        "typing.MutableMapping",
        "typing.Sequence",
        "typing.Tuple",
    }
)
"""Containers whose arguments are types of what is inside."""
_NEUTRAL_BASES = frozenset({"abc.ABC", "typing.Generic"})
_DATACLASSES = {External("dataclasses.dataclass"), External("pydantic.dataclasses.dataclass")}
_UNIONS = ("typing.Union", "types.UnionType")
_BARE = {
    "typing.Set": "builtins.set",
    "typing.FrozenSet": "builtins.frozenset",
    "collections.abc.Set": "builtins.set",
    "typing.AbstractSet": "builtins.set",
    "typing.Deque": "collections.deque",
    "typing.ByteString": "builtins.bytes",
}


class Unsendable(NamedTuple):
    """A type that cannot be sent, and how to fix it."""

    type: Type
    help: str
    inside: bool


_Known = dict[tuple[int, bool], Unsendable | None]
"""By the identity of a type, and whether it is the complete result."""


def find_unsendable(facts: TrussFacts, result: Type, *, whole: bool = True) -> Unsendable | None:
    """Return the part of a type that cannot be sent; of a union, only if no member can be sent."""
    return None if facts.replaces_encoder else _find_unsendable(facts, result, whole, {})


def _find_unsendable(facts: TrussFacts, result: Type, whole: bool, known: _Known) -> Unsendable | None:  # noqa: FBT001 - a part of the key
    # Aliases share their parts, so that without memory the time would be exponential.
    key = (id(result), whole)
    if key not in known:
        known[key] = _unsendable_in(facts, result, whole, known)
    return known[key]


def _unsendable_in(facts: TrussFacts, result: Type, whole: bool, known: _Known) -> Unsendable | None:  # noqa: FBT001
    if result.name in _UNIONS:
        members = [
            _find_unsendable(facts, part, whole, known)
            for part in result.arguments
            if part.name != "builtins.None"
        ]
        return members[0] if members and all(members) else None
    if result.name == "typing.NewType":
        return _find_unsendable(facts, result.arguments[0], whole, known)
    bare = Type(_BARE.get(result.name, result.name), ancestors=result.ancestors, open=result.open)
    help_text = _refusal(facts, bare, whole=whole)
    if help_text:
        return Unsendable(result, help_text, inside=not whole)
    if result.name in _CONTAINERS:
        is_mapping = "ict" in result.name or "Mapping" in result.name
        parts = result.arguments[1:] if is_mapping else result.arguments
        return next(filter(None, (_find_unsendable(facts, part, False, known) for part in parts)), None)  # noqa: FBT003 - a part of the key
    return None


def is_stream_type(result: Type) -> bool:
    """Return whether an annotation is of a stream."""
    return result.name in STREAM_TYPES


def _refusal(facts: TrussFacts, result: Type, *, whole: bool) -> str | None:
    help_text = refusal(result, whole=whole)
    if help_text or result.open or result.ancestors - _NEUTRAL_BASES:
        return help_text
    symbol = facts.types.class_symbol(result)
    if symbol is None:
        return None
    module, node = symbol
    decorators = {facts.outside_functions(module, _called(decorator)) for decorator in node.decorator_list}
    if decorators & _DATACLASSES:
        return DATACLASS_HELP
    makes_others = "__new__" in scope_of(node)
    return None if decorators or node.keywords or makes_others else _OBJECT_HELP


def _called(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator
