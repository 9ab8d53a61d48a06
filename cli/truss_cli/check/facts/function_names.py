"""What the names in one function of the model mean: the only way in which rules resolve them."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from truss_cli.check.facts.model_class import ModelClass
from truss_cli.check.python.nodes import Function, own_nodes
from truss_cli.check.python.scopes import scope_of
from truss_cli.check.python.symbols import Local, Module, Symbol
from truss_cli.check.python.types import Types

_UNBOUND = frozenset({"builtins.staticmethod", "builtins.classmethod"})


class OwnFunction(NamedTuple):
    """A function of the truss that a call runs."""

    module: Module
    node: Function


class FunctionNames:
    """Resolves names as the function does: parameters and locals hide what the module binds."""

    def __init__(self, types: Types, model: ModelClass, module: Module, function: Function) -> None:
        self.types, self.model = types, model
        self.module, self.function = module, function
        self.scope = scope_of(function)
        arguments = function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        self._self = positional[0].arg if positional else None
        self.parameters = {a.arg for a in (*positional, *arguments.kwonlyargs)}
        self.parameters |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a}

    def calls(self) -> Iterator[tuple[ast.Call, Symbol | None]]:
        """Yield the function's own calls, each with what is called; None if that is not known."""
        for node in own_nodes(self.function, ast.Call):
            yield node, self.symbol(node.func)

    def symbol(self, node: ast.expr) -> Symbol | None:
        """Return what a name or dotted name means inside the function, its own imports included."""
        if isinstance(node, ast.Attribute):
            return self.types.symbols.attribute(self.symbol(node.value), node.attr)
        if not isinstance(node, ast.Name) or node.id in self.parameters:
            return None
        candidates = self.scope.candidates(node.id)
        if len(candidates) > 1:
            return None
        if not candidates:
            return self.types.symbols.lookup(self.module, node.id)
        if isinstance(candidates[0].what, ast.expr):
            return None
        return self.types.symbols.binding(self.module, candidates[0])

    def own_function(self, node: ast.expr) -> OwnFunction | None:
        """Return the function of the truss that calling an expression runs, if it is not decorated."""
        own = self.own_method(node)
        if own is not None:
            return own
        symbol = self.symbol(node)
        if isinstance(symbol, Local) and isinstance(symbol.node, ast.FunctionDef | ast.AsyncFunctionDef):
            return None if symbol.node.decorator_list else OwnFunction(symbol.module, symbol.node)
        return None

    def own_method(self, node: ast.expr) -> OwnFunction | None:
        """Return the function that `self.name` means if it is an undecorated method of the model."""
        if (
            not isinstance(node, ast.Attribute)
            or not isinstance(node.value, ast.Name)
            or node.value.id != self._self
            or self._is_set(node.attr)
        ):
            return None
        for definition in self.model.lineage:
            if definition is None:
                return None
            if scope_of(definition.node).candidates(node.attr):
                return self.method_of(definition.module, definition.node, node.attr)
        return None

    def method_of(self, module: Module, node: ast.ClassDef, name: str) -> OwnFunction | None:
        """Return the function that a class of the truss itself binds to a name, if that is certain."""
        candidates = scope_of(node).candidates(name)
        found = candidates[0].what if len(candidates) == 1 else None
        if not isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef):
            return None
        decorators = [self.types.symbols.expression(module, decorator) for decorator in found.decorator_list]
        if any(getattr(decorator, "name", None) not in _UNBOUND for decorator in decorators):
            return None
        return OwnFunction(module, found)

    def _is_set(self, attribute: str) -> bool:
        """Whether a method sets the attribute on an instance, where it would hide one of the class."""
        return any(
            node.attr == attribute and isinstance(node.ctx, ast.Store)
            for _, function in self.model.functions()
            for node in own_nodes(function, ast.Attribute)
        )
