"""Names in functions that nothing in their file binds."""

import ast
import builtins
import symtable
from collections.abc import Iterator

from truss_cli.static.names.symbols import Module
from truss_cli.static.syntax.nodes import walk

_ALWAYS = frozenset({*dir(builtins), "__file__", "__path__", "__class__", "__qualname__", "__module__"})
_INTERACTIVE = frozenset({"get_ipython", "display", "reveal_type"})
"""Names that notebooks and type checkers define."""


def unbound_names(module: Module) -> Iterator[ast.Name]:
    """Yield the first use of each name that functions of a file read, and that nothing in it binds.

    A file that binds names unseen has none: by a star import, `exec`, `globals()` or `builtins`.
    """
    tree, scope = module.file.tree, module.scope
    if tree is None or scope.open or scope.star_imports:
        return
    try:
        table = symtable.symtable(module.file.source.text, module.name, "exec")
    except (SyntaxError, ValueError, RecursionError):
        return
    names = _read_globals(table) - _bound_globals(table) - _ALWAYS - _INTERACTIVE
    if not names:
        return
    skipped_ids = {id(inner) for node in walk(tree) for part in _skipped(node) for inner in walk(part)}
    for node in walk(tree):
        if isinstance(node, ast.Name) and node.id in names and id(node) not in skipped_ids:
            names.discard(node.id)
            yield node


def _skipped(node: ast.AST) -> list[ast.AST]:
    """Return parts that handle a missing name, or that need not be evaluated."""
    if isinstance(node, ast.Try):
        return [node]
    annotation = getattr(node, "annotation", None) or getattr(node, "returns", None)
    return [annotation] if isinstance(annotation, ast.expr) else []


def _read_globals(table: symtable.SymbolTable) -> set[str]:
    """Return the global names that the functions of a file read."""
    names: set[str] = set()
    for child in table.get_children():
        if child.get_type() == "function":
            names.update(
                symbol.get_name()
                for symbol in child.get_symbols()
                # In a function named `top`, symtable takes all names for global ones.
                if symbol.is_global() and symbol.is_referenced() and not symbol.is_assigned()
                if not (symbol.is_parameter() or symbol.is_free() or symbol.is_imported())
            )
        names |= _read_globals(child)
    return names


def _bound_globals(table: symtable.SymbolTable, *, is_top: bool = True) -> set[str]:
    """Return the names that the top of a file binds, or a function that declares them global."""
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if (is_top or symbol.is_declared_global()) and (symbol.is_assigned() or symbol.is_imported())
    }
    names.update(child.get_name() for child in table.get_children() if is_top)
    for child in table.get_children():
        names |= _bound_globals(child, is_top=False)
    return names
