"""TRS101: the class that the server makes the model from."""

import ast
from collections.abc import Iterator
from difflib import get_close_matches

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.names.scopes import Imported, Scope, scope_of
from truss_cli.static.names.symbols import Local, Module, Namespace

_SUFFICES = 0.6


def _find(facts: TrussFacts) -> Iterator[Finding]:
    module, name = facts.model_module, facts.truss.class_name
    if module is None or "__getattr__" in module.scope:
        return
    if facts.symbols.is_defined(module, name):
        yield from _not_a_class(facts, module, name)
        return
    near = _nearest(module.scope, name)
    named = "config.yaml's `model_class_name`" if "model_class_name" in facts.truss.values else "the default"
    help_text = f"Add `class {name}:` with a method `predict`; {named} is `{name}`."
    span = module.file.span(module.file.tree) if module.file.tree else module.file.source.line_span(1)
    if near:
        help_text = f"Rename `{near}` to `{name}`, or set `model_class_name: {near}` in config.yaml."
        span = module.file.span(module.scope.bindings[near][0].node)
    yield Finding(module.file.source.path, span, f"there is no class `{name}` in the model file", help_text)


def _not_a_class(facts: TrussFacts, module: Module, name: str) -> Iterator[Finding]:
    symbol = facts.model_symbol
    value = symbol.node if isinstance(symbol, Local) else None
    is_value = isinstance(value, ast.Constant | ast.Dict | ast.List | ast.Set | ast.Tuple | ast.JoinedStr)
    bindings = module.scope.candidates(name)
    is_module = len(bindings) == 1 and _imports_module(bindings[0].what)
    if is_value or is_module or isinstance(symbol, Namespace):
        place = module.scope.bindings[name][-1].node
        message = f"`{name}` in the model file is not a class"
        help_text = f"Write `class {name}:` with a method `predict`."
        yield module.finding(place, message, help_text)


def _imports_module(what: object) -> bool:
    return isinstance(what, Imported) and what.attribute is None


def _nearest(scope: Scope, name: str) -> str | None:
    """Return the class that was probably meant: one of a similar name, else one with `predict`, else any."""
    classes = [other for other, found in scope.bindings.items() if hasattr(found[0].what, "bases")]
    same = [other for other in classes if other.lower() == name.lower()]
    serving = [other for other in classes if _has_predict(scope.bindings[other][0].what)]
    return next(iter([*same, *get_close_matches(name, classes, 1, _SUFFICES), *serving, *classes]), None)


def _has_predict(what: object) -> bool:
    return isinstance(what, ast.ClassDef) and "predict" in scope_of(what)


CLASS_MISSING = Rule(
    code="TRS101",
    name="class-missing",
    severity=Severity.ERROR,
    summary="The model file has no class of the expected name",
    explanation="""\
The server creates the model from the class `Model` of the model file, or from the one
that `model_class_name` in config.yaml names. If the file binds no such name, the model
fails to load. The name is case-sensitive.

Rename the class, or name it in config.yaml.""",
    find=_find,
    good=(
        """\
class Model:
    def predict(self, model_input):
        return model_input
""",
        {
            "config.yaml": "model_class_name: Greeter\n",
            "model/model.py": """\
class Greeter:
    def predict(self, inputs):
        return inputs
""",
        },
    ),
    bad=(
        """\
class model:
    def predict(self, model_input):
        return model_input
""",
    ),
)
