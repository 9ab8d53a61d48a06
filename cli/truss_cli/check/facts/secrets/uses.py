"""Where a model reads or iterates its secrets, and what guards that."""

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from truss_cli.check.facts.context_managers import may_suppress
from truss_cli.check.facts.function_names import FunctionNames, OwnFunction
from truss_cli.check.facts.model.methods import form_of
from truss_cli.check.facts.model.model_class import ModelClass
from truss_cli.check.facts.secrets.looped_texts import looped_texts
from truss_cli.check.facts.secrets.names import SecretNames
from truss_cli.contract.shape import Form
from truss_cli.static.names.symbols import Module
from truss_cli.static.names.types import Types
from truss_cli.static.syntax.nodes import Function, children, statements_in, walk

_DEEPEST = 3
"""Calls of the truss's own functions that are followed, one inside the other."""

_MENTIONED = "secrets"
"""What a file says that takes them from the arguments of `__init__`: most models do not."""
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
        self._reads: dict[tuple[ast.expr, str], SecretRead] = {}
        self.iterated: dict[ast.expr, Module] = {}
        self.peeks = False
        """Whether the model looks into `_base_secrets`, where a test for a name is safe."""

    @property
    def reads(self) -> Collection[SecretRead]:
        """The look-ups, each once."""
        return self._reads.values()

    def add(self, read: SecretRead) -> None:
        """Add a look-up; of one that is come to by several ways, the most certain counts."""
        known = self._reads.get((read.node, read.name))
        if known is None or (read.certain, not read.guarded) > (known.certain, not known.guarded):
            self._reads[read.node, read.name] = read


class _Guard(NamedTuple):
    certain: bool
    guarded: bool = False

    def within(self, *, guarded: bool = False) -> "_Guard":
        """Return what holds where it depends on something whether code runs."""
        return _Guard(certain=False, guarded=self.guarded or guarded)


def secret_uses(types: Types, model: ModelClass) -> SecretUses:
    """Read the uses of the `secrets` that `__init__` is given, there and wherever they are passed."""
    uses = SecretUses()
    if not any(
        _MENTIONED in definition.module.file.source.text for definition in model.lineage if definition
    ):
        return uses
    methods = [FunctionNames(types, model, module, function) for module, function in model.functions()]
    attributes: dict[str, bool] = {}
    for names in methods:
        attributes.update(SecretNames(names, {}, {}).kept())
    for names in methods:
        for name in SecretNames(names, {}, {}).replaced():
            attributes.pop(name, None)
    overridden: set[str] = set()
    for names in methods:
        function = names.function
        certain = _runs_at_load(function) and function.name not in overridden
        overridden.add(function.name)
        reader = _SecretReader(uses, names, SecretNames(names, attributes, {}), attributes, set())
        if reader.secrets.known:
            reader.block(function.body, _Guard(certain=certain))
    return uses


def _runs_at_load(function: Function) -> bool:
    return function.name in ("__init__", "load") and not function.decorator_list


_Entry = tuple[Function, _Guard, frozenset[tuple[str, bool]]]
"""A function, what guards the call of it, and what of the secrets it is given."""


class _SecretReader(NamedTuple):
    """Walks one function, and those of the truss that it calls, knowing what guards each statement."""

    uses: SecretUses
    names: FunctionNames
    secrets: SecretNames
    attributes: Mapping[str, bool]
    entered: set[_Entry]
    depth: int = 0

    def block(self, body: Sequence[ast.stmt], guard: _Guard) -> None:
        for statement in body:
            if isinstance(statement, ast.ClassDef):
                continue
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                self._enter(OwnFunction(self.names.module, statement), {}, guard.within())
                continue
            if isinstance(statement, ast.Try):
                self._try(statement, guard)
            else:
                self._statement(statement, guard)
            if any(isinstance(inner, ast.Return | ast.Raise) for inner in statements_in(statement)):
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
        for child in children(statement):
            if isinstance(child, ast.expr | ast.withitem):
                self._expression(child, guard)
        if isinstance(statement, ast.For | ast.AsyncFor):
            self._iteration(statement.iter)
        if isinstance(statement, ast.With):
            suppressed = may_suppress(statement, self.names.symbol)
            self.block(statement.body, guard.within() if suppressed else guard)
            return
        tested = isinstance(statement, ast.If) and self._tests(statement.test)
        for block in ("body", "orelse"):
            self.block(getattr(statement, block, ()), guard.within(guarded=tested))

    def _expression(self, node: ast.AST, guard: _Guard) -> None:
        if isinstance(node, ast.Lambda | ast.Name | ast.Constant):
            return
        if isinstance(node, ast.expr):
            self._read(node, guard)
            for iterated in _iterated(node):
                self._iteration(iterated)
        if isinstance(node, ast.Call):
            self._call(node, guard)
        first = _decides(node)
        if first is not None:
            self._expression(first, guard)
            guard = guard.within(guarded=self._tests(first))
        for child in children(node):
            if child is not first:
                self._expression(child, guard)

    def _call(self, node: ast.Call, guard: _Guard) -> None:
        """Read the function of the truss that a call runs, if it can have to do with secrets."""
        made = self.names.constructor(node.func)
        own = made or self.names.own_function(node.func)
        if own is None or self.depth >= _DEEPEST:
            return
        positional = [a.arg for a in (*own.node.args.posonlyargs, *own.node.args.args)]
        is_method = self.names.own_method(node.func) is not None and not _is_static(own.node)
        bound = made is not None or is_method
        given = dict(zip(positional[bound:], node.args, strict=False))
        given.update({keyword.arg: keyword.value for keyword in node.keywords if keyword.arg})
        passed = {name: self.secrets.is_soft(value) for name, value in given.items() if value in self.secrets}
        self._enter(own, passed, guard if form_of(own.node) is Form.SYNC else guard.within())

    def _enter(self, own: OwnFunction, given: Mapping[str, bool], guard: _Guard) -> None:
        names = self.names.of_function(own)
        if names.is_nested:
            visible = {
                name: soft for name, soft in self.secrets.names.items() if name not in names.parameters
            }
            given = {**visible, **given}
        secrets = SecretNames(names, self.attributes, given)
        entry = (own.node, guard, frozenset(given.items()))
        if secrets.known and entry not in self.entered:
            self.entered.add(entry)
            inner = _SecretReader(self.uses, names, secrets, self.attributes, self.entered, self.depth + 1)
            inner.block(own.node.body, guard)

    def _read(self, node: ast.expr, guard: _Guard) -> None:
        if isinstance(node, ast.Attribute) and node.attr == "_base_secrets":
            self.uses.peeks = True
        place, key = _looked_up(node)
        if place is None or key is None:
            return
        owner = place.func.value if self.secrets.is_view(place) else place  # type: ignore[attr-defined]  # a call
        if owner not in self.secrets:
            return
        name = self.names.text(key)
        guarded = guard.guarded or self.secrets.is_soft(owner)
        if name is not None:
            self.uses.add(SecretRead(self.names.module, node, name, guard.certain, guarded))
            return
        for each in looped_texts(self.names, key):
            self.uses.add(SecretRead(self.names.module, node, each, certain=False, guarded=guarded))

    def _iteration(self, node: ast.expr) -> None:
        if node in self.secrets or self.secrets.is_view(node):
            self.uses.iterated[node] = self.names.module

    def _tests(self, test: ast.expr) -> bool:
        """Whether a test asks for the secrets themselves rather than for one of them."""
        place, _ = _looked_up(test)
        return place is None and any(node in self.secrets for node in walk(test))


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


def _is_static(function: Function) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "staticmethod" for node in function.decorator_list)


def _catches(handler: ast.ExceptHandler) -> bool:
    """Whether a handler may catch a missing secret: a bare one, `Exception`, or one that is not known."""
    if handler.type is None:
        return True
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return not all(isinstance(name, ast.Name) and name.id in _NOT_CATCHING for name in named)
