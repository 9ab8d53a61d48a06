"""Which expressions of a method are the secrets that `__init__` was given."""

import ast
from collections.abc import Iterator

from truss_cli.check.python.nodes import Function, own_nodes
from truss_cli.check.python.scopes import scope_of

_VIEWS = frozenset({"keys", "values", "items"})
_TAKERS = frozenset({"get", "pop"})


class SecretNames:
    """Tells the secrets, and what stands for them, among the expressions of one function.

    An expression is *soft* if it is something else when the model has no
    secrets: `secrets or {}`.
    """

    def __init__(self, function: Function, attributes: dict[str, bool]) -> None:
        arguments = function.args
        in_init = function.name == "__init__"
        parameters = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
        self._attributes = attributes
        self._self = next((a.arg for a in (*arguments.posonlyargs, *arguments.args)), None)
        self._kwargs = arguments.kwarg.arg if arguments.kwarg and in_init else None
        self._names = {"secrets": False} if in_init and "secrets" in parameters else {}
        for name, bindings in scope_of(function).bindings.items():
            value = bindings[0].what if len(bindings) == 1 else None
            if isinstance(value, ast.expr) and value in self:
                self._names[name] = self.is_soft(value)
            else:
                self._names.pop(name, None)

    def __contains__(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self._names
        if isinstance(node, ast.Attribute):
            return self._is_own(node) and node.attr in self._attributes
        if isinstance(node, ast.BoolOp):
            return isinstance(node.op, ast.Or) and node.values[0] in self
        if isinstance(node, ast.Subscript):
            return self._is_kwargs(node.value) and text_of(node.slice) == "secrets"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            taken = node.func.attr in _TAKERS and self._is_kwargs(node.func.value)
            return taken and text_of(node.args[0]) == "secrets"
        return False

    def is_soft(self, node: ast.AST) -> bool:
        """Whether the expression, one of the secrets, is something else where there are none."""
        if isinstance(node, ast.Name):
            return self._names.get(node.id, False)
        if isinstance(node, ast.Attribute):
            return self._attributes.get(node.attr, False)
        return isinstance(node, ast.BoolOp)

    def is_view(self, node: ast.expr) -> bool:
        """Whether the expression is `.keys()`, `.values()` or `.items()` of the secrets."""
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _VIEWS
            and node.func.value in self
        )

    def occur_in(self, function: Function) -> bool:
        """Whether anything that the function itself runs has to do with them."""
        known = (
            (self._names, ast.Name),
            (self._attributes, ast.Attribute),
            (self._kwargs, ast.Subscript),
            (self._kwargs, ast.Call),
        )
        return any(node in self for names, kind in known if names for node in own_nodes(function, kind))

    def kept(self, function: Function) -> Iterator[tuple[str, bool]]:
        """Yield the attributes of `self` that the function sets to the secrets, and whether softly."""
        for name, value in self._set(function):
            if value in self:
                yield name, self.is_soft(value)

    def replaced(self, function: Function) -> Iterator[str]:
        """Yield the attributes of `self` that the function sets to other things than the secrets or None."""
        for name, value in self._set(function):
            nothing = isinstance(value, ast.Constant) and value.value is None
            if not nothing and value not in self:
                yield name

    def _set(self, function: Function) -> Iterator[tuple[str, ast.expr]]:
        """Yield the attributes of `self` that the function assigns, and what to."""
        assignments: list[ast.Assign | ast.AnnAssign] = [
            *own_nodes(function, ast.Assign),
            *own_nodes(function, ast.AnnAssign),
        ]
        for node in assignments:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Attribute) and self._is_own(target) and node.value is not None:
                    yield target.attr, node.value

    def _is_own(self, node: ast.Attribute) -> bool:
        return isinstance(node.value, ast.Name) and node.value.id == self._self

    def _is_kwargs(self, node: ast.expr) -> bool:
        return self._kwargs is not None and isinstance(node, ast.Name) and node.id == self._kwargs


def text_of(node: ast.expr) -> str | None:
    """Return the text of a string constant."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
