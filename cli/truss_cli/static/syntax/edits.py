"""Edits of Python source that keep everything around them as it is."""

import ast
import re

from truss_cli.diagnostic import Edit
from truss_cli.source import Position, Span
from truss_cli.static.syntax.files import PythonFile
from truss_cli.static.syntax.nodes import walk

_ASYNC = re.compile(r"async(?:[ \t\f]|\\(?:\r\n|\r|\n))+(?=def\b)")
_ATOMS = (ast.Attribute, ast.Call, ast.Name, ast.Subscript, ast.List, ast.Dict, ast.Set, ast.ListComp)


def insertion(file: PythonFile, position: Position, text: str) -> Edit:
    """Return the edit that writes a text at a position."""
    return Edit(file.source.path, Span(position, position), text)


def surround(file: PythonFile, node: ast.expr, before: str, after: str) -> tuple[Edit, ...]:
    """Return the edits that write a text before and one after an expression, in parentheses where needed."""
    span = file.span(node)
    if after.startswith(".") and not isinstance(node, _ATOMS):
        before, after = f"{before}(", f"){after}"
    edits = (insertion(file, span.start, before), insertion(file, span.end, after))
    return tuple(edit for edit in edits if edit.text)


def remove_async(file: PythonFile, function: ast.AsyncFunctionDef) -> Edit | None:
    """Return the edit that makes a plain function of a coroutine."""
    source = file.source
    start = source.offset(source.at_utf8(function.lineno, function.col_offset))
    keyword = _ASYNC.match(source.text, start)
    if keyword is None:
        return None
    return Edit(source.path, Span(source.at_offset(start), source.at_offset(keyword.end())), "")


def import_module(file: PythonFile, name: str) -> tuple[Edit, ...] | None:
    """Return the edits after which `name` is an imported module: none if it is; None if it means another."""
    if file.tree is None or rebinds(file.tree, name):
        return None
    if any(isinstance(node, ast.Import) and _imports(node, name) for node in file.tree.body):
        return ()
    first = _first_after_docstring(file.tree)
    if first is None:
        return None
    position = Position(_first_line(first), 1)
    space = "" if isinstance(first, ast.Import | ast.ImportFrom) else "\n\n"
    return (insertion(file, position, f"import {name}\n{space}"),)


def rebinds(tree: ast.Module, name: str) -> bool:
    """Whether a name may be bound, in any scope, to other than the module or builtin of that name."""
    return any(_rebinds(node, name) for node in walk(tree))


def _rebinds(node: ast.AST, name: str) -> bool:
    names: list[str] | list[str | None] = []
    match node:
        case ast.Import():
            names = [alias.asname for alias in node.names]
        case ast.ImportFrom():
            names = [alias.asname or alias.name for alias in node.names]
        case ast.Name() if not isinstance(node.ctx, ast.Load):
            names = [node.id]
        case ast.arg():
            names = [node.arg]
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ExceptHandler():
            names = [node.name]
        case ast.MatchAs() | ast.MatchStar():
            names = [node.name]
        case ast.MatchMapping():
            names = [node.rest]
        case ast.Global() | ast.Nonlocal():
            names = node.names
    return name in names or "*" in names


def _imports(node: ast.Import, name: str) -> bool:
    return any(alias.asname is None and alias.name.partition(".")[0] == name for alias in node.names)


def _first_after_docstring(tree: ast.Module) -> ast.stmt | None:
    """Return the first statement that an import may precede; None unless it starts a line."""
    index = next((index for index, node in enumerate(tree.body) if not _must_come_first(node)), None)
    if index is None or (index and tree.body[index - 1].end_lineno == tree.body[index].lineno):
        return None
    return tree.body[index]


def _must_come_first(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__" and not statement.level
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *[decorator.lineno for decorator in decorators]])
