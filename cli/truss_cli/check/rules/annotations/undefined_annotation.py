"""TRS201: a name in an annotation that does not exist when Python gets there."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.annotations.evaluated import evaluated_annotations, modules_of_model
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.names.symbols import Module, Symbols
from truss_cli.static.syntax.nodes import walk

_OWN_SCOPE = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.NamedExpr)


class Undefined(NamedTuple):
    """A name that fails, and why."""

    node: ast.Name
    reason: str
    help: str


def undefined_names(symbols: Symbols, module: Module, *, in_order: bool) -> Iterator[Undefined]:
    """Yield the names in a module's annotations that raise NameError when the module is imported.

    `in_order`: annotations are evaluated where they stand, as before Python 3.14.
    """
    for annotation, scopes, statement in evaluated_annotations(module):
        for name in _names(annotation):
            if any(name.id in scope for scope in scopes):
                continue
            found = _reason(symbols, module, name, statement if in_order else None)
            if found:
                yield found


def _names(annotation: ast.expr) -> list[ast.Name]:
    """Return the names that evaluating an annotation reads; none if it has scopes of its own."""
    nodes = list(walk(annotation))
    if any(isinstance(node, _OWN_SCOPE) for node in nodes):
        return []
    return [node for node in nodes if isinstance(node, ast.Name)]


def _reason(symbols: Symbols, module: Module, name: ast.Name, statement: ast.stmt | None) -> Undefined | None:
    bindings = module.scope.bindings.get(name.id, [])
    if not symbols.is_defined(module, name.id):
        if bindings:
            help_text = "Import it outside `if TYPE_CHECKING`, or write the annotation as a string."
            return Undefined(name, "is imported for type checkers only", help_text)
        return Undefined(name, "is not defined", f"Import or define `{name.id}`, or correct the name.")
    defined_here = bindings and not module.scope.star_imports and not module.scope.open
    if statement is None or not defined_here:
        return None
    lines = [getattr(binding.node, "lineno", 0) for binding in bindings]
    # Of `name: annotation = value` the value is bound first.
    is_bound_first = isinstance(statement, ast.AnnAssign) and statement.value is not None
    in_itself = not is_bound_first and all(binding.node is statement for binding in bindings)
    if in_itself or min(lines) > (statement.end_lineno or statement.lineno):
        help_text = f'Write the annotation as a string, `"{name.id}"`, or define `{name.id}` above.'
        where = "until its own body has run" if in_itself else f"until line {min(lines)}"
        return Undefined(name, f"is not defined {where}", help_text)
    return None


_LAZY_SINCE = (3, 14)


def _find(facts: TrussFacts) -> Iterator[Finding]:
    in_order = (facts.python_version or (0, 0)) < _LAZY_SINCE
    for module in modules_of_model(facts):
        for undefined in undefined_names(facts.symbols, module, in_order=in_order):
            message = f"the annotation's name `{undefined.node.id}` {undefined.reason}: importing fails"
            yield module.finding(undefined.node, message, undefined.help)


UNDEFINED_ANNOTATION = Rule(
    code="TRS201",
    name="undefined-annotation",
    severity=Severity.ERROR,
    summary="A name in an annotation is not defined",
    explanation="""\
Python evaluates annotations when it imports the file. A name in one that is neither
imported nor defined above it raises NameError, and the model fails to load. So does a
name that is imported under `if TYPE_CHECKING` only.

Import it, define it further up, or write the annotation as a string: `-> "Result"`.""",
    find=_find,
    good=(
        """\
class Model:
    def predict(self, model_input) -> "Result":
        return model_input
""",
        """\
from __future__ import annotations


class Model:
    def predict(self, model_input) -> Result:
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, model_input) -> Dict:
        return model_input
""",
        """\
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


class Model:
    def predict(self, model_input: np.ndarray) -> dict:
        return {"size": len(model_input)}
""",
        """\
class Model:
    def predict(self, model_input) -> "dict":
        return model_input

    def score(self, result: Result) -> float:
        return result.score


class Result:
    score: float
""",
    ),
)
