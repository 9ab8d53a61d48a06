"""Which expressions of a function are the secrets that `__init__` was given."""

import ast
from collections.abc import Iterator, Mapping

from truss_cli.check.facts.function_names import FunctionNames
from truss_cli.static.syntax.nodes import own_nodes

_VIEWS = frozenset({"keys", "values", "items"})
_TAKERS = frozenset({"get", "pop"})


class SecretNames:
    """Knows the secrets, and what stands for them, among the expressions of one function.

    `attributes` of the instance and `given` parameters hold the secrets. Each is
    mapped to whether it is *soft*: something else when the model has no secrets,
    as `secrets or {}` is.
    """

    def __init__(
        self, names: FunctionNames, attributes: Mapping[str, bool], given: Mapping[str, bool]
    ) -> None:
        arguments = names.function.args
        in_init = names.function.name == "__init__" and names.instance is not None
        self._function = names.function
        self._attributes = attributes
        self._instance = names.instance
        self._kwargs = arguments.kwarg.arg if arguments.kwarg and in_init else None
        self.names = dict(given)
        if in_init and "secrets" in names.parameters:
            self.names["secrets"] = False
        for name, bindings in names.scope.bindings.items():
            value = bindings[0].what if len(bindings) == 1 else None
            if isinstance(value, ast.expr) and value in self:
                self.names[name] = self.is_soft(value)
            else:
                self.names.pop(name, None)

    @property
    def known(self) -> bool:
        """Whether the function can come by the secrets at all."""
        return bool(self.names or self._kwargs or (self._attributes and self._instance))

    def __contains__(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self.names
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
            return self.names.get(node.id, False)
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

    def kept(self) -> Iterator[tuple[str, bool]]:
        """Yield the attributes of the instance that the function sets to the secrets, and whether softly."""
        for name, value in self._set():
            if value in self:
                yield name, self.is_soft(value)

    def replaced(self) -> Iterator[str]:
        """Yield the attributes of the instance that the function sets to other things than these or None."""
        for name, value in self._set():
            nothing = isinstance(value, ast.Constant) and value.value is None
            if not nothing and value not in self:
                yield name

    def _set(self) -> Iterator[tuple[str, ast.expr]]:
        """Yield the attributes of the instance that the function assigns, and what to."""
        assignments: list[ast.Assign | ast.AnnAssign] = [
            *own_nodes(self._function, ast.Assign),
            *own_nodes(self._function, ast.AnnAssign),
        ]
        for node in assignments:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Attribute) and self._is_own(target) and node.value is not None:
                    yield target.attr, node.value

    def _is_own(self, node: ast.Attribute) -> bool:
        return isinstance(node.value, ast.Name) and node.value.id == self._instance

    def _is_kwargs(self, node: ast.expr) -> bool:
        return self._kwargs is not None and isinstance(node, ast.Name) and node.id == self._kwargs


def text_of(node: ast.expr) -> str | None:
    """Return the text of a string constant."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
