"""Fixes that convert a returned value, where it is written, to one that can be sent."""

import ast

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.contract.results import conversion
from truss_cli.diagnostic import Applicability, Edit, Fix
from truss_cli.static.events import Result, UnsendablePart
from truss_cli.static.syntax.edits import import_module, rebinds, surround
from truss_cli.static.syntax.files import PythonFile

_SETS = ("set", "frozenset")


def conversion_fix(facts: TrussFacts, result: Result) -> Fix | None:
    """Return the fix that converts all parts of a result that cannot be sent.

    Of a method annotated with a set, it makes that a list, and converts all of its results.
    """
    file = result.module.file
    part = result.unsendable[0]
    around = conversion(part.help)
    if around is None:
        return None
    annotated = _set_annotation(facts, result) if around[0] == "list(" and not part.path else None
    results = _results_of(facts, result) if annotated else [result]
    edits: list[Edit] = []
    for one in (unsendable for each in results for unsendable in each.unsendable):
        converted = _convert(file, one)
        if converted is None:
            return None
        edits += converted
    if annotated is not None:
        edits.append(Edit(file.source.path, file.span(annotated), "list"))
    description = f"Convert it with `{around[0]}...{around[1]}`" if around[0] else f"Add `{around[1]}`"
    return Fix(description, tuple(dict.fromkeys(edits)), Applicability.UNSAFE)


def _results_of(facts: TrussFacts, result: Result) -> list[Result]:
    return [one for one in facts.run.events if isinstance(one, Result) and one.method == result.method]


def _set_annotation(facts: TrussFacts, result: Result) -> ast.Name | None:
    """Return the name of the built-in set in a return annotation such as `set[str]`."""
    found = facts.model.function(result.method) if facts.model else None
    if found is None or found[0] is not result.module:
        return None
    returns = found[1].returns
    named = returns.value if isinstance(returns, ast.Subscript) else returns
    return named if isinstance(named, ast.Name) and named.id in _SETS else None


def _convert(file: PythonFile, part: UnsendablePart) -> tuple[Edit, ...] | None:
    around = conversion(part.help)
    if around is None or file.tree is None or not part.in_place or not isinstance(part.node, ast.expr):
        return None
    name = around[0].partition("(")[0]
    imports: tuple[Edit, ...] | None = ()
    if "." in name:
        imports = import_module(file, name.partition(".")[0])
    elif name and rebinds(file.tree, name):
        imports = None
    return None if imports is None else (*imports, *surround(file, part.node, *around))
