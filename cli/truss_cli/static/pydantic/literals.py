"""Evaluation of literal expressions, without running any code of a truss."""

import ast
import operator
from collections.abc import Callable, Mapping
from types import EllipsisType
from typing import NamedTuple

from truss_cli.static.names.symbols import External, Local, Module, Symbols

_OPERATIONS: Mapping[type[ast.operator], Callable[[int | float, int | float], int | float]] = {
    ast.Add: operator.add,
    ast.FloorDiv: operator.floordiv,
    ast.Mult: operator.mul,
    ast.Sub: operator.sub,
}
_ALIASES = {
    f"pydantic.{module}{name}": name for module in ("", "aliases.") for name in ("AliasChoices", "AliasPath")
}
_LARGEST = 2**64
_DEEPEST = 20
"""Steps from name to name that are followed."""


class NotPlainError(Exception):
    """Source does not show the value of an expression, or the meaning of a statement."""


class Literals(NamedTuple):
    """Evaluates the expressions of one module; `depth` counts the names followed so far."""

    symbols: Symbols
    module: Module
    depth: int = 0

    def value(self, node: ast.expr) -> object:
        """Return the value of constants, displays of them, their names and sums. Raises NotPlainError."""
        match node:
            case ast.Constant():
                return node.value
            case ast.List() | ast.Tuple() | ast.Set() | ast.Dict():
                return self._display(node)
            case ast.UnaryOp(op=ast.USub()):
                return -self._number(node.operand)
            case ast.BinOp():
                return self._operation(node)
            case ast.Name() | ast.Attribute():
                return self._named(node)
            case ast.Call():
                return self._alias(node)
        raise NotPlainError

    def text(self, node: ast.expr | None) -> str | None:
        """Return the string that an expression evaluates to; None for anything else."""
        try:
            value = self.value(node) if node else None
        except NotPlainError:
            return None
        return value if isinstance(value, str) else None

    def keywords(self, call: ast.Call) -> dict[str, object]:
        """Return the keyword arguments of a call that are literal. Raises NotPlainError for `**`."""
        values: dict[str, object] = {}
        for keyword in call.keywords:
            if keyword.arg is None:
                raise NotPlainError
            try:
                values[keyword.arg] = self.value(keyword.value)
            except NotPlainError:
                continue
        return values

    def all_keywords(self, call: ast.Call) -> dict[str, object]:
        """Return the keyword arguments of a call. Raises NotPlainError if one is not literal."""
        values = self.keywords(call)
        if len(values) < len(call.keywords):
            raise NotPlainError
        return values

    def _display(self, node: ast.List | ast.Tuple | ast.Set | ast.Dict) -> object:
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            return {self._hashable(key): self.value(value) for key, value in pairs}
        if isinstance(node, ast.Set):
            return set(map(self._hashable, node.elts))
        elements = [self.value(element) for element in node.elts]
        return elements if isinstance(node, ast.List) else tuple(elements)

    def _hashable(self, node: ast.expr | None) -> object:
        value = self.value(node) if node else None
        if node is None or isinstance(value, list | dict | set):
            raise NotPlainError
        return value

    def _number(self, node: ast.expr) -> int | float:
        value = self.value(node)
        if isinstance(value, bool | EllipsisType) or not isinstance(value, int | float):
            raise NotPlainError
        return value

    def _operation(self, node: ast.BinOp) -> int | float:
        operation = _OPERATIONS.get(type(node.op))
        operands = self._number(node.left), self._number(node.right)
        if operation is None or max(map(abs, operands)) > _LARGEST or operands[1] == 0:
            raise NotPlainError
        return operation(*operands)

    def _alias(self, node: ast.Call) -> object:
        """Return an alias of a field that is an object of Pydantic instead of a string."""
        symbol = self.symbols.expression(self.module, node.func)
        class_name = _ALIASES.get(symbol.name) if isinstance(symbol, External) else None
        if class_name is None or node.keywords:
            raise NotPlainError
        import pydantic  # noqa: PLC0415 - it takes as long as a check

        try:
            return getattr(pydantic, class_name)(*map(self.value, node.args))
        except (TypeError, ValueError):
            raise NotPlainError from None

    def _named(self, node: ast.expr) -> object:
        symbol = self.symbols.expression(self.module, node)
        if not isinstance(symbol, Local) or not isinstance(symbol.node, ast.expr) or self.depth > _DEEPEST:
            raise NotPlainError
        return Literals(self.symbols, symbol.module, self.depth + 1).value(symbol.node)
