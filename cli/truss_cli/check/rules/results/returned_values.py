"""Returned values that visibly cannot be sent."""

import ast
from collections.abc import Iterator

from truss_cli.check.diagnostic import Finding
from truss_cli.check.facts.result_methods import (
    ResultMethod,
    Unsendable,
    find_unsendable,
    gives_stream,
    result_methods,
)
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find
from truss_cli.contract.shape import Type

_KEYS = ("str", "int", "float", "bool", "NoneType")


_NESTED_STREAM = "Collect it in a list; only a whole result is streamed."


def find_unsendable_result(*, always: bool) -> Find:
    """Return the `find` of a rule that reports methods all of whose results fail (`always`), or some."""

    def find(facts: TrussFacts) -> Iterator[Finding]:
        for method in result_methods(facts):
            if gives_stream(method):
                continue
            values = method.values.returned()
            found = [
                (value, bad) for value in values for bad in [_first_unsendable(facts, method, value)] if bad
            ]
            if always is not (method.main and 0 < len(found) == len(values)):
                continue
            for _, (node, bad) in found:
                span = method.module.file.span(node)
                message = f"`{method.name}` returns `{bad.type}`{_where(bad)}, which cannot be sent as JSON"
                yield Finding(method.module.file.source.path, span, message, bad.help)

    return find


def _where(bad: Unsendable) -> str:
    return " inside its result" if bad.inside else ""


def _first_unsendable(
    facts: TrussFacts, method: ResultMethod, value: ast.expr
) -> tuple[ast.expr, Unsendable] | None:
    for node, part, whole in method.values.parts(value):
        if part.name in ("types.GeneratorType", "types.AsyncGeneratorType") and not whole:
            return node, Unsendable(part, _NESTED_STREAM, inside=True)
        key = _unsendable_key(node)
        if key is not None:
            return key, Unsendable(
                Type(f"dict key {ast.unparse(key)}"), "Use a string as the key.", inside=True
            )
        bad = find_unsendable(facts, part, whole=whole)
        if bad:
            return node, bad
    return None


def _unsendable_key(node: ast.expr) -> ast.expr | None:
    """Return a key of a dict display that JSON cannot have: a tuple, bytes, or the like."""
    for key in node.keys if isinstance(node, ast.Dict) else ():
        if isinstance(key, ast.Tuple) or (
            isinstance(key, ast.Constant) and type(key.value).__name__ not in _KEYS
        ):
            return key
    return None
