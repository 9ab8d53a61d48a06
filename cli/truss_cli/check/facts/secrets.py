"""Where a model reads or iterates its secrets, and what guards that."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from truss_cli.check.facts.model_class import ModelClass
from truss_cli.check.facts.secret_names import SecretNames, text_of
from truss_cli.check.python.nodes import Function, own_nodes, suppresses, walk
from truss_cli.check.python.symbols import Module

_ITERATING = frozenset(
    {"all", "any", "dict", "enumerate", "iter", "list", "max", "min", "set", "sorted", "sum", "tuple"}
)
_NOT_CATCHING = frozenset(
    {"AttributeError", "IndexError", "KeyError", "LookupError", "TypeError", "ValueError"}
)
"""Exceptions whose handlers do not catch a missing secret, which is an error of the server's own."""


class SecretRead(NamedTuple):
    """A look-up of one secret.

    `certain`: it runs whenever the model loads. `guarded`: it runs only if
    the model has secrets at all.
    """

    module: Module
    node: ast.expr
    name: str
    certain: bool
    guarded: bool


class SecretUses:
    """All uses in a model's methods."""

    def __init__(self) -> None:
        self.reads: list[SecretRead] = []
        self.iterated: list[tuple[Module, ast.expr]] = []
        self.peeks = False
        """Whether the model looks into `_base_secrets`, where a test for a name is safe."""


class _Guard(NamedTuple):
    certain: bool
    guarded: bool = False

    def within(self, *, guarded: bool = False) -> "_Guard":
        """Return what holds where it depends on something whether code runs."""
        return _Guard(certain=False, guarded=self.guarded or guarded)


def secret_uses(model: ModelClass) -> SecretUses:
    """Read the uses of the `secrets` that `__init__` is given, there and through `self` in all methods."""
    uses = SecretUses()
    methods = list(model.functions())
    attributes: dict[str, bool] = {}
    for _, function in methods:
        attributes.update(SecretNames(function, {}).kept(function))
    for _, function in methods:
        for name in SecretNames(function, {}).replaced(function):
            attributes.pop(name, None)
    overridden: set[str] = set()
    for module, function in methods:
        secrets = SecretNames(function, attributes)
        if secrets.occur_in(function) or _peeks(function):
            certain = _runs_at_load(function) and function.name not in overridden
            _SecretReader(uses, module, secrets).block(function.body, _Guard(certain=certain))
        overridden.add(function.name)
    return uses


def _runs_at_load(function: Function) -> bool:
    return function.name in ("__init__", "load") and not function.decorator_list


def _peeks(function: Function) -> bool:
    return any(node.attr == "_base_secrets" for node in own_nodes(function, ast.Attribute))


class _SecretReader(NamedTuple):
    """Walks one function, knowing what guards each statement."""

    uses: SecretUses
    module: Module
    secrets: SecretNames

    def block(self, body: Sequence[ast.stmt], guard: _Guard) -> None:
        for statement in body:
            if isinstance(statement, ast.Try):
                self._try(statement, guard)
            elif not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self._statement(statement, guard)
            if any(isinstance(node, ast.Return | ast.Raise) for node in walk(statement)):
                tested = isinstance(statement, ast.If) and self._tests(statement.test)
                guard = guard.within(guarded=tested)

    def _try(self, statement: ast.Try, guard: _Guard) -> None:
        if not any(_catches(handler) for handler in statement.handlers):
            self.block(statement.body, guard)
        self.block(statement.finalbody, guard)
        for handler in statement.handlers:
            self.block(handler.body, guard.within())
        self.block(statement.orelse, guard.within())

    def _statement(self, statement: ast.stmt, guard: _Guard) -> None:
        for child in ast.iter_child_nodes(statement):
            if isinstance(child, ast.expr | ast.withitem):
                self._expression(child, guard)
        if isinstance(statement, ast.For | ast.AsyncFor):
            self._iteration(statement.iter)
        if isinstance(statement, ast.With):
            self.block(statement.body, guard.within() if suppresses(statement) else guard)
            return
        tested = isinstance(statement, ast.If) and self._tests(statement.test)
        for block in ("body", "orelse"):
            self.block(getattr(statement, block, ()), guard.within(guarded=tested))

    def _expression(self, node: ast.AST, guard: _Guard) -> None:
        if isinstance(node, ast.Lambda):
            return
        if isinstance(node, ast.expr):
            self._read(node, guard)
            for iterated in _iterated(node):
                self._iteration(iterated)
        first = _decides(node)
        if first is not None:
            self._expression(first, guard)
            guard = guard.within(guarded=self._tests(first))
        for child in ast.iter_child_nodes(node):
            if child is not first:
                self._expression(child, guard)

    def _read(self, node: ast.expr, guard: _Guard) -> None:
        if isinstance(node, ast.Attribute) and node.attr == "_base_secrets":
            self.uses.peeks = True
        place, key = _looked_up(node)
        if place is None or key is None:
            return
        owner = place.func.value if self.secrets.is_view(place) else place  # type: ignore[attr-defined]  # a call
        name = self._constant(key) if owner in self.secrets else None
        if name is not None:
            guarded = guard.guarded or self.secrets.is_soft(owner)
            self.uses.reads.append(SecretRead(self.module, node, name, guard.certain, guarded))

    def _iteration(self, node: ast.expr) -> None:
        if node in self.secrets or self.secrets.is_view(node):
            self.uses.iterated.append((self.module, node))

    def _tests(self, test: ast.expr) -> bool:
        """Whether a test asks for the secrets themselves rather than for one of them."""
        place, _ = _looked_up(test)
        return place is None and any(node in self.secrets for node in walk(test))

    def _constant(self, node: ast.expr) -> str | None:
        """Return a string, or the one that a name of the module stands for."""
        if isinstance(node, ast.Name):
            bindings = self.module.scope.bindings.get(node.id, [])
            value = bindings[0].what if len(bindings) == 1 else None
            return text_of(value) if isinstance(value, ast.expr) else None
        return text_of(node)


def _looked_up(node: ast.expr) -> tuple[ast.expr | None, ast.expr | None]:
    """Return what an expression looks something up in, and what: `a[b]`, `a.get(b)`, `b in a`."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        return node.value, node.slice
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        return node.func.value, next(iter(node.args), None)
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        return node.comparators[0], node.left
    return None, None


def _iterated(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what an expression iterates: `dict(a)`, `f(**a)`, `{**a}`, `[... for b in a]`."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in _ITERATING:
            yield from node.args
        yield from (keyword.value for keyword in node.keywords if keyword.arg is None)
    elif isinstance(node, ast.Dict):
        yield from (value for key, value in zip(node.keys, node.values, strict=True) if key is None)
    for generator in getattr(node, "generators", ()):
        yield generator.iter


def _decides(node: ast.AST) -> ast.expr | None:
    """Return the part of an expression that decides whether its other parts are evaluated."""
    if isinstance(node, ast.IfExp):
        return node.test
    return node.values[0] if isinstance(node, ast.BoolOp) else None


def _catches(handler: ast.ExceptHandler) -> bool:
    """Whether a handler may catch a missing secret: a bare one, `Exception`, or one that is not known."""
    if handler.type is None:
        return True
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return not all(isinstance(name, ast.Name) and name.id in _NOT_CATCHING for name in named)
