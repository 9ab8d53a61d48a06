"""What is put into a list or dict that a function fills step by step."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from truss_cli.static.syntax.nodes import Function, parents_in, statements_in, walk

_ADDING = {"append": 0, "appendleft": 0, "insert": 1, "setdefault": 1}
_CHANGING = frozenset(
    {"append", "clear", "extend", "insert", "pop", "popitem", "remove", "setdefault", "sort", "update"}
)
_READING_METHODS = frozenset({"copy", "count", "get", "index", "items", "keys", "reverse", "sort", "values"})
_READING_FUNCTIONS = frozenset({"bool", "dict", "enumerate", "isinstance", "len", "list", "print", "sorted"})
_READING_PARENTS = (
    ast.BoolOp,
    ast.Compare,
    ast.Dict,
    ast.For,
    ast.FormattedValue,
    ast.If,
    ast.IfExp,
    ast.List,
    ast.Return,
    ast.Tuple,
    ast.UnaryOp,
    ast.While,
    ast.comprehension,
)
_CONDITIONS = (ast.ExceptHandler, ast.If, ast.IfExp, ast.Match, ast.Try, ast.While)


class Added(NamedTuple):
    """An expression whose value is put into a container, perhaps under a key where another value was.

    Not `certain` if a condition decides.
    """

    node: ast.expr
    certain: bool
    by_key: bool


def added_to(function: Function, name: str) -> list[Added] | None:
    """Return what is put into the container that a local name is bound to once; None if that is not known."""
    parents = parents_in(function)
    added: list[Added] = []
    keys: set[str] = set()
    for node in walk(function):
        if not isinstance(node, ast.Name) or node.id != name or _is_only_read(node, parents):
            continue
        put = _put(node, parents)
        if put is None:
            return None
        key, value = put
        if key in keys:
            return None  # assigned again: what was there is replaced
        keys.update([key] if key else [])
        added.append(Added(value, _is_certain(node, parents), by_key=key is not None))
    return None if _parts_change(function, name) else added


def _parts_change(function: Function, name: str) -> bool:
    """Whether what a container holds is changed in place, by `name[0]["key"] = ...` or by a name for it."""
    changed = set(_changed_names(function))
    if f"{name}[]" in changed:
        return True
    for node in walk(function):
        targets: list[ast.expr] = []
        if isinstance(node, ast.For) and name in _names_in(node.iter):
            targets = [node.target]
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript):
            targets = node.targets if name in _names_in(node.value) else []
        if any(not changed.isdisjoint(_names_in(target)) for target in targets):
            return True
    return False


def _changed_names(function: Function) -> Iterator[str]:
    """Yield the names whose value is changed in place, and `name[]` where a part of it is."""
    for node in walk(function):
        changed: ast.expr | None = None
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            changed = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            changed = node.func.value if node.func.attr in _CHANGING else None
        if isinstance(changed, ast.Name):
            yield changed.id
        while isinstance(changed, ast.Subscript):
            changed = changed.value
            if isinstance(changed, ast.Name):
                yield f"{changed.id}[]"


def _names_in(node: ast.expr) -> set[str]:
    return {inner.id for inner in walk(node) if isinstance(inner, ast.Name)}


def _is_only_read(node: ast.Name, parents: dict[ast.AST, ast.AST]) -> bool:
    parent = parents[node]
    if isinstance(node.ctx, ast.Store):
        return isinstance(parent, ast.Assign | ast.AnnAssign)
    if isinstance(parent, ast.Subscript):
        return isinstance(parent.ctx, ast.Load)
    if isinstance(parent, ast.Attribute):
        call = parents.get(parent)
        return isinstance(call, ast.Call) and call.func is parent and parent.attr in _READING_METHODS
    if isinstance(parent, ast.Call):
        return isinstance(parent.func, ast.Name) and parent.func.id in _READING_FUNCTIONS
    return isinstance(parent, _READING_PARENTS)


def _put(node: ast.Name, parents: dict[ast.AST, ast.AST]) -> tuple[str | None, ast.expr] | None:
    """Return the key, if any, and the value of `x[key] = value` or `x.append(value)`."""
    parent = parents[node]
    above = parents.get(parent)
    if isinstance(parent, ast.Subscript) and isinstance(above, ast.Assign) and parent in above.targets:
        return ast.unparse(parent.slice), above.value
    if not isinstance(parent, ast.Attribute) or not isinstance(above, ast.Call) or above.func is not parent:
        return None
    position = _ADDING.get(parent.attr)
    if position is None or len(above.args) <= position or not isinstance(parents.get(above), ast.Expr):
        return None
    return None, above.args[position]


def _is_certain(node: ast.Name, parents: dict[ast.AST, ast.AST]) -> bool:
    parent = parents[node]
    if isinstance(parent, ast.Attribute) and parent.attr == "setdefault":
        return False
    return not any(
        isinstance(parent, _CONDITIONS) or (isinstance(parent, ast.For) and _may_skip(parent, node.lineno))
        for parent in _above(node, parents)
    )


def _may_skip(loop: ast.For, line: int) -> bool:
    """Whether a loop may leave a turn before it comes to a line."""
    return any(
        isinstance(inner, ast.Break | ast.Continue) and inner.lineno < line for inner in statements_in(loop)
    )


def _above(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while node in parents:
        node = parents[node]
        yield node
