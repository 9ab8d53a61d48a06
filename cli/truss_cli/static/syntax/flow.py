"""Which way a function runs to its end."""

import ast
from collections.abc import Sequence

from truss_cli.static.syntax.nodes import Function, statements_in


def may_end_without_return(function: Function) -> bool:
    """Whether a function may run off its end, where it returns None."""
    return not _leaves(function.body)


def _leaves(block: Sequence[ast.stmt]) -> bool:
    """Whether a block always returns or raises."""
    return any(_always_leaves(statement) for statement in block)


def _always_leaves(statement: ast.stmt) -> bool:
    match statement:
        case ast.Return() | ast.Raise():
            return True
        case ast.If():
            return _leaves(statement.body) and _leaves(statement.orelse)
        case ast.With() | ast.AsyncWith():
            return _leaves(statement.body) and "suppress" not in ast.unparse(statement.items[0])
        case ast.Try() | ast.TryStar():
            return _try_leaves(statement)
        case ast.While():
            breaks = any(isinstance(inner, ast.Break) for inner in statements_in(statement))
            return isinstance(statement.test, ast.Constant) and bool(statement.test.value) and not breaks
    return isinstance(statement, ast.Match) and _match_leaves(statement)


def _try_leaves(statement: ast.Try | ast.TryStar) -> bool:
    tried = _leaves([*statement.body, *statement.orelse]) or any(map(_is_there_to_raise, statement.body))
    handled = all(_leaves(handler.body) for handler in statement.handlers)
    return (tried and handled) or _leaves(statement.finalbody)


def _is_there_to_raise(statement: ast.stmt) -> bool:
    """Whether a statement is an operation whose result is dropped, such as `1 / 0`."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.BinOp)


def _match_leaves(statement: ast.Match) -> bool:
    last = statement.cases[-1]
    takes_all = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None and not last.guard
    return takes_all and all(_leaves(case.body) for case in statement.cases)
