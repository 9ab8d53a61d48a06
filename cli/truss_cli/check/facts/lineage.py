"""A class of the truss and its base classes, in the order Python looks members up."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from truss_cli.check.facts.known_types import canonical
from truss_cli.check.facts.symbols import External, Local, Module
from truss_cli.check.facts.types import Types

_ADDING_NOTHING = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})
"""Base classes that bring no method of a model."""


class ClassDefinition(NamedTuple):
    """A class written in the truss."""

    module: Module
    node: ast.ClassDef


Lineage = tuple[ClassDefinition | None, ...]
"""A class, then its base classes; None stands for one outside the truss, which may bring any member."""


def lineage(types: Types, start: ClassDefinition) -> Lineage:
    """Give the lookup order: left to right, a base shared by several after the last that shares it."""
    order: list[ClassDefinition | None] = []
    for found in _depth_first(types, start, ()):
        if found is not None and found in order:
            order.remove(found)
        order.append(found)
    return tuple(order)


def _depth_first(
    types: Types, definition: ClassDefinition, path: tuple[ast.ClassDef, ...]
) -> Iterator[ClassDefinition | None]:
    yield definition
    for base in definition.node.bases:
        plain = base.value if isinstance(base, ast.Subscript) else base
        symbol = types.symbols.expression(definition.module, plain)
        if isinstance(symbol, Local) and isinstance(symbol.node, ast.ClassDef) and symbol.node not in path:
            inner = ClassDefinition(symbol.module, symbol.node)
            yield from _depth_first(types, inner, (*path, definition.node))
        elif not isinstance(symbol, External) or canonical(symbol.name) not in _ADDING_NOTHING:
            yield None
