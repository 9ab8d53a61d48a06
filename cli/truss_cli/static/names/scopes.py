"""Which names a module's or class's body binds, to what, and how certainly."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from truss_cli.static.syntax.nodes import blocks, walk

DefinitionNode = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef

_BUILTINS = ("builtins", "__builtins__")
_REMEMBERED = 64
"""Bodies whose scopes are kept: those of one truss."""


class Imported(NamedTuple):
    """`import module` (no attribute) or `from module import attribute`; level counts leading dots."""

    module: str
    attribute: str | None = None
    level: int = 0


Bound = tuple[str, Imported | DefinitionNode | ast.expr | None]


class Binding(NamedTuple):
    """A name's binding: an import, a definition, an assigned expression, or None for anything else."""

    what: Imported | DefinitionNode | ast.expr | None
    node: ast.AST
    conditional: bool
    typing_only: bool


class Scope:
    """The bindings of one body, in order; `open` says that names may be bound that cannot be seen."""

    def __init__(self) -> None:
        self.bindings: dict[str, list[Binding]] = {}
        self.star_imports: list[Imported] = []
        self.open = False

    def candidates(self, name: str) -> Sequence[Binding]:
        """Return what a name may be bound to after the body has run."""
        found = self.bindings.get(name, ())
        runtime = [binding for binding in found if not binding.typing_only] or found
        for index in range(len(runtime) - 1, -1, -1):
            if not runtime[index].conditional:
                return runtime[index:]
        return runtime

    def __contains__(self, name: str) -> bool:
        return name in self.bindings and not self._is_deleted(name)

    def _is_deleted(self, name: str) -> bool:
        last = self.bindings[name][-1]
        return isinstance(last.node, ast.Delete) and not last.conditional


@lru_cache(_REMEMBERED)
def scope_of(node: ast.Module | DefinitionNode) -> Scope:
    """Read the bindings of a body, without entering functions or classes in it."""
    scope = Scope()
    _read(scope, node.body, conditional=False, typing_only=False)
    return scope


def _read(scope: Scope, body: Sequence[ast.stmt], *, conditional: bool, typing_only: bool) -> None:
    for statement in body:
        for name, what in _bound(scope, statement):
            scope.bindings.setdefault(name, []).append(Binding(what, statement, conditional, typing_only))
        if isinstance(statement, ast.If) and is_main_guard(statement.test):
            _read(scope, statement.orelse, conditional=conditional, typing_only=typing_only)
        elif isinstance(statement, ast.If) and _is_type_checking(statement.test):
            _read(scope, statement.body, conditional=conditional, typing_only=True)
            _read(scope, statement.orelse, conditional=conditional, typing_only=typing_only)
        else:
            always = isinstance(statement, ast.With)
            for block in blocks(statement):
                _read(scope, block, conditional=conditional or not always, typing_only=typing_only)


def _bound(scope: Scope, statement: ast.stmt) -> Iterable[Bound]:
    """Return the names that a statement binds itself, not those of the blocks in it."""
    if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return [(statement.name, statement)]
    if isinstance(statement, ast.Import):
        return _imported(statement)
    if isinstance(statement, ast.ImportFrom):
        return _imported_from(scope, statement)
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return _assigned(scope, statement)
    if isinstance(statement, ast.Match):
        scope.open = True
    elif isinstance(statement, ast.Expr):
        scope.open = scope.open or _may_bind(statement.value)
    elif type(statement).__name__ == "TypeAlias":  # ast.TypeAlias exists since Python 3.12
        return [(statement.name.id, statement.value)]  # type: ignore[attr-defined]
    return _opaquely_bound(statement)


def _imported(statement: ast.Import) -> Iterator[Bound]:
    for alias in statement.names:
        if alias.asname:
            yield alias.asname, Imported(alias.name)
        else:
            top = alias.name.partition(".")[0]
            yield top, Imported(top)


def _imported_from(scope: Scope, statement: ast.ImportFrom) -> Iterator[Bound]:
    for alias in statement.names:
        imported = Imported(statement.module or "", alias.name, statement.level)
        if alias.name == "*":
            scope.star_imports.append(imported)
        else:
            yield alias.asname or alias.name, imported


def _assigned(scope: Scope, statement: ast.Assign | ast.AnnAssign | ast.AugAssign) -> Iterator[Bound]:
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from _targets(target, statement.value)
            # an item of globals() may be assigned
            scope.open = scope.open or (isinstance(target, ast.Subscript) and _may_bind(target.value))
    elif isinstance(statement, ast.AugAssign):
        yield from _targets(statement.target, None)
    elif statement.value is not None:
        yield from _targets(statement.target, statement.value)


def _opaquely_bound(statement: ast.stmt) -> Iterator[Bound]:
    """Yield the names of loops, contexts, handlers and deletions: bound to something unknown."""
    targets: list[ast.expr] = []
    if isinstance(statement, ast.For | ast.AsyncFor):
        targets = [statement.target]
    elif isinstance(statement, ast.With | ast.AsyncWith):
        targets = [item.optional_vars for item in statement.items if item.optional_vars is not None]
    elif isinstance(statement, ast.Delete):
        targets = statement.targets
    for target in targets:
        yield from _targets(target, None)
    for handler in getattr(statement, "handlers", ()):
        if handler.name:
            yield handler.name, None


def _targets(target: ast.expr, value: ast.expr | None) -> Iterator[Bound]:
    match target:
        case ast.Name():
            yield target.id, value
        case ast.Tuple() | ast.List():
            for element in target.elts:
                yield from _targets(element, None)
        case ast.Starred():
            yield from _targets(target.value, None)


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def is_main_guard(test: ast.expr) -> bool:
    """Whether a test is `__name__ == "__main__"`, which is false when the server imports the file."""
    if not isinstance(test, ast.Compare) or not isinstance(test.left, ast.Name) or test.left.id != "__name__":
        return False
    right = test.comparators[0]
    is_main = isinstance(right, ast.Constant) and right.value == "__main__"
    return is_main and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)


def binds_unseen(tree: ast.Module | DefinitionNode, name: str) -> bool:
    """Whether some code binds a name in a way that a scope does not show: `global`, `nonlocal` or `:=`."""
    return name in _bound_unseen(tree)


@lru_cache(_REMEMBERED)
def _bound_unseen(tree: ast.Module | DefinitionNode) -> frozenset[str]:
    found: set[str] = set()
    for node in walk(tree):
        if isinstance(node, ast.Global | ast.Nonlocal):
            found.update(node.names)
        elif isinstance(node, ast.NamedExpr):
            found.add(node.target.id)
    return frozenset(found)


def puts_into_builtins(tree: ast.Module, name: str) -> bool:
    """Whether a module's code gives, or may give, a name to all modules, as `builtins.name = ...` does."""
    names = _put_into_builtins(tree)
    return name in names or None in names


@lru_cache(_REMEMBERED)
def _put_into_builtins(tree: ast.Module) -> frozenset[str | None]:
    """Return the names, and None if there may be any other."""
    found: set[str | None] = set()
    for node in walk(tree):
        places: list[ast.AST] = []
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if _is_builtins(node.value):
                found.add(node.attr)
        elif isinstance(node, ast.Call):
            places = [*node.args]
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            places = [*walk(node.value)]
        if any(_is_builtins(place) for place in places):
            found.add(None)
    return frozenset(found)


def _is_builtins(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in _BUILTINS


def _may_bind(value: ast.expr) -> bool:
    """Whether an expression statement may bind names unseen: `exec(...)`, `globals().update(...)`, ..."""
    if not isinstance(value, ast.Call):
        return isinstance(value, ast.NamedExpr)
    suspects = {"exec", "globals", "vars", "locals", "setattr"}
    return any(isinstance(node, ast.Name) and node.id in suspects for node in walk(value))
