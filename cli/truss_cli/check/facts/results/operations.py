"""What operators and subscripts give, for operands whose types are known."""

import ast

from truss_cli.check.facts.results.value import Value, builtin
from truss_cli.contract.shape import Type

_NUMBERS = ("builtins.int", "builtins.float")
_SETS = ("builtins.set", "builtins.frozenset")
_TEXTS = ("builtins.str", "builtins.bytes")
_DATES = ("datetime.date", "datetime.datetime")


def operation(node: ast.BinOp, left: Value, right: Value) -> Value:
    """Return what a binary operation gives, unknown for operands of unknown or own classes."""
    found = _type_of(node.op, left.type, right.type)
    if found is None:
        return Value(node)
    held = (*left.held, *right.held) if found.name == "builtins.list" else ()
    return Value(node, found, held)


def _type_of(operator: ast.operator, left: Type, right: Type) -> Type | None:
    same = left.name == right.name
    if left.name in _NUMBERS and right.name in _NUMBERS:
        return builtin("builtins.float")
    if isinstance(operator, ast.Sub) and left.name in _DATES and right.name in _DATES:
        return Type("datetime.timedelta")
    is_left = (
        (isinstance(operator, ast.Div) and left.is_a("pathlib.PurePath"))
        or (isinstance(operator, ast.Mod) and left.name in _TEXTS)
        or (isinstance(operator, ast.Add) and same and left.name in (*_TEXTS, "builtins.list"))
        or (left.name in _SETS and right.name in _SETS)
    )
    return left if is_left else None


def item(node: ast.Subscript, container: Value) -> Value:
    """Return what a constant index takes out of a list or tuple that is written out."""
    display, index = container.node, node.slice
    if not isinstance(display, ast.List | ast.Tuple) or not isinstance(index, ast.Constant):
        return Value(node)
    written_out = display is node.value and not any(isinstance(one, ast.Starred) for one in display.elts)
    position = index.value
    if not written_out or type(position) is not int or not 0 <= position < len(container.held):
        return Value(node)
    return container.held[position].at(node)
