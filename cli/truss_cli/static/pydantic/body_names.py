"""Resolution of names in a module, or in the body of one of its classes."""

import ast
from typing import NamedTuple

from truss_cli.static.names.scopes import Imported, scope_of
from truss_cli.static.names.symbols import External, Module, Symbol, Symbols
from truss_cli.static.pydantic.literals import Literals


class BodyNames(NamedTuple):
    """The names that the body of a module sees, or that of a class in it."""

    symbols: Symbols
    module: Module
    class_node: ast.ClassDef | None = None

    @property
    def literals(self) -> Literals:
        """The evaluator of literal expressions in the module."""
        return Literals(self.symbols, self.module)

    def symbol(self, node: ast.expr) -> Symbol | None:
        """Return the symbol of a name or dotted name; names bound by the class body come first."""
        if isinstance(node, ast.Attribute):
            return self.symbols.attribute(self.symbol(node.value), node.attr)
        if self.class_node is not None and isinstance(node, ast.Name):
            candidates = scope_of(self.class_node).candidates(node.id)
            if candidates:
                is_plain = len(candidates) == 1 and isinstance(candidates[0].what, ast.ClassDef | Imported)
                return self.symbols.binding(self.module, candidates[0]) if is_plain else None
        return self.symbols.expression(self.module, node)

    def external_name(self, node: ast.expr) -> str:
        """Return the dotted name of a symbol outside the truss; empty for anything else."""
        symbol = self.symbol(node)
        return symbol.name if isinstance(symbol, External) else ""
