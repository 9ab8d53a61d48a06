"""Whether a `with` may catch what is raised in it, as `contextlib.suppress` does."""

import ast
from collections.abc import Callable

from truss_cli.static.names.scopes import scope_of
from truss_cli.static.names.symbols import External, Local, Symbol
from truss_cli.static.syntax.nodes import own_nodes

Resolve = Callable[[ast.expr], Symbol | None]

_ENTERING_OTHERS = frozenset({"contextlib.ExitStack", "contextlib.nullcontext"})
"""Context managers that do what others do that they are given."""


def may_suppress(statement: ast.With, resolve: Resolve) -> bool:
    """Whether a context manager of a `with` may swallow an exception; `resolve` gives what a name means."""
    return any(_may_suppress(item.context_expr, resolve) for item in statement.items)


def _may_suppress(manager: ast.expr, resolve: Resolve) -> bool:
    if "suppress" in ast.unparse(manager):
        return True
    symbol = resolve(manager.func if isinstance(manager, ast.Call) else manager)
    if isinstance(symbol, Local) and isinstance(symbol.node, ast.Call):
        symbol = resolve(symbol.node.func)
    match symbol:
        case External(name):
            return name in _ENTERING_OTHERS
        case Local(_, ast.FunctionDef() as function):
            return bool(own_nodes(function, ast.Try) or own_nodes(function, ast.With))
        case Local(_, ast.ClassDef() as node):
            return _exit_may_be_true(node)
    return True


def _exit_may_be_true(node: ast.ClassDef) -> bool:
    candidates = scope_of(node).candidates("__exit__")
    function = candidates[0].what if len(candidates) == 1 else None
    if not isinstance(function, ast.FunctionDef):
        return True
    values = [returned.value for returned in own_nodes(function, ast.Return)]
    return any(not (value is None or _is_false(value)) for value in values)


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and not value.value
