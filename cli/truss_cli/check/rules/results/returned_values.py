"""Returned values that visibly cannot be sent."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.results.result_methods import (
    ResultMethod,
    Unsendable,
    find_unsendable,
    find_unsendable_value,
    gives_stream,
    result_methods,
)
from truss_cli.check.facts.results.value import Value
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find
from truss_cli.check.rules.results.conversions import fix_of_value
from truss_cli.contract.results import KEY_HELP
from truss_cli.contract.shape import Type
from truss_cli.diagnostic import Finding

_KEYS = ("str", "int", "float", "bool", "NoneType")


def find_unsendable_result(*, always: bool) -> Find:
    """Return the `find` of a rule that reports methods all of whose results fail (`always`), or some."""

    def find(facts: TrussFacts) -> Iterator[Finding]:
        for method in result_methods(facts):
            if gives_stream(method):
                continue
            values = method.returned()
            unsendable = [(value, _first_unsendable(facts, method, value)) for value in values]
            found = [(value, *bad) for value, bad in unsendable if bad]
            every = 0 < len(found) == len(values) and all(part.certain for _, part, _ in found)
            fails = every and method.always_returns
            if always is not (method.main and fails):
                continue
            for value, part, bad in found:
                where = " inside its result" if bad.inside else ""
                message = f"`{method.name}` returns `{bad.type}`{where}, which cannot be sent as JSON"
                fix = fix_of_value(facts, method, [value for value, *_ in found], value, bad)
                yield method.module.finding(part.node, message, bad.help, fix=fix)

    return find


def _first_unsendable(
    facts: TrussFacts, method: ResultMethod, value: Value
) -> tuple[Value, Unsendable] | None:
    for part, _ in value.parts():
        key = _unsendable_key(facts, method, part.node)
        if key is not None:
            named = Type(f"dict key {ast.unparse(key)}")
            certain = part.certain and not isinstance(part.node, ast.DictComp)  # it may have no keys
            return part._replace(node=key, certain=certain), Unsendable(named, KEY_HELP, inside=True)
    return find_unsendable_value(facts, value)


def _keys(node: ast.expr) -> list[ast.expr | None]:
    """Return the keys of a dict display, or that of a comprehension."""
    if isinstance(node, ast.DictComp):
        return [node.key] if isinstance(node.key, ast.Tuple) else []  # a name may be the loop's
    return node.keys if isinstance(node, ast.Dict) else []


def _unsendable_key(facts: TrussFacts, method: ResultMethod, node: ast.expr) -> ast.expr | None:
    """Return a key of a dict display that JSON cannot have: a tuple, bytes, a date, or the like."""
    for key in _keys(node):
        if isinstance(key, ast.Tuple) or (
            isinstance(key, ast.Constant) and type(key.value).__name__ not in _KEYS
        ):
            return key
        if key is not None and find_unsendable(facts, method.values.value(key).type, whole=False):
            return key
    return None
