"""A class of the truss and its base classes, in the order Python looks members up."""

import ast
from typing import NamedTuple

from truss_cli.static.names.known_types import canonical
from truss_cli.static.names.symbols import External, Local, Module
from truss_cli.static.names.types import Types

_ADDING_NOTHING = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})
"""Base classes that bring no method of a model."""


class ClassDefinition(NamedTuple):
    """A class written in the truss."""

    module: Module
    node: ast.ClassDef


Lineage = tuple[ClassDefinition | None, ...]
"""A class, then its base classes; None stands for one outside the truss, which may bring any member."""


def lineage(types: Types, start: ClassDefinition) -> Lineage:
    """Return the lookup order: left to right, a base shared by several after the last that shares it."""
    order: list[ClassDefinition | None] = []
    _visit(types, start, order, set())
    return tuple(reversed(order))


def _visit(
    types: Types, definition: ClassDefinition, order: list[ClassDefinition | None], open_: set[ast.ClassDef]
) -> None:
    """Add a class after its bases, the last of them first; each class once, however many share it."""
    open_.add(definition.node)
    for base in reversed(definition.node.bases):
        plain = base.value if isinstance(base, ast.Subscript) else base
        symbol = types.symbols.expression(definition.module, plain)
        if isinstance(symbol, Local) and isinstance(symbol.node, ast.ClassDef) and symbol.node not in open_:
            inner = ClassDefinition(symbol.module, symbol.node)
            if inner not in order:
                _visit(types, inner, order, open_)
        elif not isinstance(symbol, External) or canonical(symbol.name) not in _ADDING_NOTHING:
            order.append(None)
    open_.discard(definition.node)
    order.append(definition)
