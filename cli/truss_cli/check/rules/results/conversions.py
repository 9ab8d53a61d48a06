"""Fixes that convert a returned value, where it stands, to one that can be sent."""

import ast
from collections.abc import Sequence

from truss_cli.check.facts.results.result_methods import ResultMethod, Unsendable, unsendable_parts
from truss_cli.check.facts.results.value import Value
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.contract.results import conversion
from truss_cli.diagnostic import Applicability, Edit, Fix
from truss_cli.static.syntax.edits import import_module, rebinds, surround
from truss_cli.static.syntax.files import PythonFile

_SETS = ("set", "frozenset")


def fix_of_value(
    facts: TrussFacts, method: ResultMethod, found: Sequence[Value], value: Value, bad: Unsendable
) -> Fix | None:
    """Return the fix that converts all parts of a returned value that cannot be sent, of which `bad` is one.

    Of a method annotated with a set, it makes that a list, and converts all values found.
    """
    file = method.module.file
    around = conversion(bad.help)
    if around is None:
        return None
    annotated = _set_annotation(method.function.returns) if around[0] == "list(" and not bad.inside else None
    edits: list[Edit] = []
    for one in found if annotated else (value,):
        parts = {part.node: _convert(file, one, part, why) for part, why in unsendable_parts(facts, one)}
        for converted in parts.values():
            if not converted:
                return None
            edits += converted
    if annotated is not None:
        edits.append(Edit(file.source.path, file.span(annotated), "list"))
    description = f"Convert it with `{around[0]}...{around[1]}`" if around[0] else f"Add `{around[1]}`"
    return Fix(description, tuple(dict.fromkeys(edits)), Applicability.UNSAFE)


def _set_annotation(returns: ast.expr | None) -> ast.Name | None:
    """Return the name of the built-in set in an annotation such as `set[str]`."""
    named = returns.value if isinstance(returns, ast.Subscript) else returns
    return named if isinstance(named, ast.Name) and named.id in _SETS else None


def _convert(file: PythonFile, value: Value, part: Value, bad: Unsendable) -> tuple[Edit, ...] | None:
    around = conversion(bad.help)
    outermost = next((inner for inner, _ in value.parts() if inner.node is part.node), None)
    if around is None or file.tree is None or outermost is None or outermost.type is not part.type:
        return None  # a part of what a variable holds does not stand here
    name = around[0].partition("(")[0]
    imports: tuple[Edit, ...] | None = ()
    if "." in name:
        imports = import_module(file, name.partition(".")[0])
    elif name and rebinds(file.tree, name):
        imports = None
    return None if imports is None else (*imports, *surround(file, part.node, *around))
