"""The nodes of a function, walked once for all that look through them."""

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

Function = ast.FunctionDef | ast.AsyncFunctionDef
FunctionLike = Function | ast.Lambda
_Node = TypeVar("_Node", bound=ast.AST)

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_WITHOUT_CODE = frozenset(
    {"arg", "attr", "ctx", "id", "kind", "level", "module", "op", "ops", "type_comment"}
)
"""Fields that hold a name, a number or a mark such as `ast.Load()`."""
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
"""Fields that hold statements, or what holds statements itself."""
_REMEMBERED = 64
"""Functions whose nodes are kept: those of one truss, as more would fill the processor's cache."""


class _Fields(dict[type[ast.AST], tuple[str, ...]]):
    """The fields of each type of node that may hold nodes, last first."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        self[kind] = tuple(field for field in reversed(kind._fields) if field not in _WITHOUT_CODE)
        return self[kind]


_fields = _Fields({ast.Constant: ()})


def own_nodes(function: FunctionLike, kind: type[_Node]) -> Sequence[_Node]:
    """Return a function's nodes of a type in source order, nested functions and classes left closed."""
    return _own_nodes(function).get(kind, ())  # type: ignore[return-value]  # grouped by their types


@lru_cache(_REMEMBERED)
def _own_nodes(function: FunctionLike) -> dict[type[ast.AST], list[ast.AST]]:
    found: dict[type[ast.AST], list[ast.AST]] = {}
    stack = function.body[::-1] if isinstance(function.body, list) else [function.body]
    while stack:
        node = stack.pop()
        found.setdefault(type(node), []).append(node)
        if not isinstance(node, _NESTED):
            stack += _last_first(node)
    return found


def walk(root: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all nodes in it that are code, in source order: faster than `ast.walk`."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack += _last_first(node)


def nodes_in(tree: ast.Module, kind: type[_Node]) -> Sequence[_Node]:
    """Return a file's nodes of a type in source order, those in functions and classes too."""
    return _nodes_in(tree).get(kind, ())  # type: ignore[return-value]  # grouped by their types


@lru_cache(_REMEMBERED)
def _nodes_in(tree: ast.Module) -> dict[type[ast.AST], list[ast.AST]]:
    found: dict[type[ast.AST], list[ast.AST]] = {}
    for node in walk(tree):
        found.setdefault(type(node), []).append(node)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes directly in a node that are code, in source order."""
    return _last_first(node)[::-1]


def statements_in(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield a statement and all statements in it, those of functions and classes too."""
    stack: list[Any] = [statement]  # Any: handlers and cases hold statements, and are none
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt):
            yield node
        for field in _BLOCKS:
            stack += getattr(node, field, ())


def _last_first(node: ast.AST) -> list[Any]:  # Any: of nodes alone
    found: list[Any] = []
    for field in _fields[type(node)]:
        value = getattr(node, field, None)
        if isinstance(value, list):
            found += [item for item in reversed(value) if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


@lru_cache(_REMEMBERED)
def stored_attributes(tree: ast.Module) -> Mapping[str, int]:
    """Return how often each attribute is assigned or deleted in a file, on whatever object.

    `*` counts the calls of `setattr` and `delattr` whose attribute is not written there.
    """
    attributes = nodes_in(tree, ast.Attribute)
    found = Counter(node.attr for node in attributes if not isinstance(node.ctx, ast.Load))
    for node in nodes_in(tree, ast.Call):
        if root_name(node.func) in ("setattr", "delattr"):
            name = node.args[1] if len(node.args) > 1 else None
            is_written = isinstance(name, ast.Constant) and isinstance(name.value, str)
            found[str(name.value) if is_written and isinstance(name, ast.Constant) else "*"] += 1
    return found


@lru_cache(_REMEMBERED)
def rebound_names(tree: ast.Module) -> Collection[str]:
    """Return the names that functions of a file may rebind: those they declare `global`."""
    return {name for node in nodes_in(tree, ast.Global) for name in node.names}


def root_name(node: ast.expr) -> str | None:
    """Return the name that a dotted name starts with; None if the expression is no dotted name."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def is_generator(function: FunctionLike) -> bool:
    """Whether calling a function runs nothing of it: it has a `yield` of its own."""
    return bool(own_nodes(function, ast.Yield)) or bool(own_nodes(function, ast.YieldFrom))


def blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the blocks of a statement that runs in its own scope: not those of a function or class."""
    if isinstance(statement, _NESTED):
        return
    for field in ("body", "orelse", "finalbody"):
        block = getattr(statement, field, None)
        if block:
            yield block
    for handler in getattr(statement, "handlers", ()):
        yield handler.body


def branches(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the expressions that a conditional expression may give."""
    if isinstance(node, ast.IfExp):
        yield from branches(node.body)
        yield from branches(node.orelse)
    else:
        yield node
