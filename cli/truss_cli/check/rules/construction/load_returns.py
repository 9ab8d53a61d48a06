"""TRS125: `load` returns the model instead of keeping it."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.function_names import FunctionNames, OwnFunction
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.construction.load_calls import may_call_load
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.names.scopes import binds_unseen
from truss_cli.static.names.symbols import External, Local
from truss_cli.static.syntax.nodes import is_generator, own_nodes, root_name, walk

_RETURNING_NOTHING = ("builtins.", "logging.", "asyncio.")
"""Prefixes of functions that are called for their effect, such as `print` and `asyncio.run`."""

_LOADERS = frozenset({"load", "load_model", "pipeline"})


def _find(facts: TrussFacts) -> Iterator[Finding]:
    definition = facts.model.function("load") if facts.model else None
    if facts.model is None or definition is None or definition[1].decorator_list or may_call_load(facts):
        return
    load = FunctionNames(facts.types, facts.model, *definition)
    for names, value in _dropped(load):
        source = "" if names is load else f", returned by `{names.function.name}`"
        message = f"the server ignores the result of `load`{source}, and nothing else keeps it"
        yield names.module.finding(value, message, "Assign it to an attribute of `self`.")


def _dropped(names: FunctionNames, *, follow: bool = True) -> Iterator[tuple[FunctionNames, ast.expr]]:
    """Yield the results of a function that nothing keeps; those of a method it returns are followed."""
    if is_generator(names.function) or isinstance(names.function, ast.AsyncFunctionDef):
        return
    for statement in own_nodes(names.function, ast.Return):
        value = statement.value
        method = names.own_method(value.func) if isinstance(value, ast.Call) else None
        if method is not None and follow and not _is_called_elsewhere(names, method):
            yield from _dropped(names.of_function(method), follow=False)
        elif value is not None and _is_dropped(names, value):
            yield names, value


def _is_called_elsewhere(names: FunctionNames, method: OwnFunction) -> bool:
    """Return whether another place of the class uses a method."""
    uses = (
        node
        for _, function in names.model.functions()
        for node in walk(function)
        if isinstance(node, ast.Attribute) and node.attr == method.node.name
    )
    return sum(1 for _ in uses) > 1


def _is_dropped(names: FunctionNames, value: ast.expr) -> bool:
    """Return whether a result is a new object, and no variable or attribute keeps it."""
    if isinstance(value, ast.Tuple | ast.List):
        return any(_is_dropped(names, element) for element in value.elts)
    if isinstance(value, ast.Name):
        bindings = names.scope.bindings.get(value.id, ())
        is_hidden = value.id in names.parameters or binds_unseen(names.function, value.id)
        is_local = bool(bindings) and not is_hidden
        return (
            is_local
            and all(_is_new(names, binding.what) for binding in bindings)
            and not _is_kept(names, value)
        )
    return _is_new(names, value) and (not _sets_attributes(names) or _is_loaded(names, value))


def _is_new(names: FunctionNames, value: object) -> bool:
    """Return whether a value is the result of a call to a library or of a class of the truss."""
    if not isinstance(value, ast.Call) or root_name(value.func) == names.instance:
        return False
    symbol = names.symbol(value.func)
    if isinstance(symbol, External):
        return not symbol.name.startswith(_RETURNING_NOTHING)
    return isinstance(symbol, Local) and isinstance(symbol.node, ast.ClassDef)


def _is_loaded(names: FunctionNames, value: ast.expr) -> bool:
    """Return whether a call is of a class, or of a function that loads a model, by its name."""
    symbol = names.symbol(value.func) if isinstance(value, ast.Call) else None
    parts = symbol.name.split(".") if isinstance(symbol, External) else []
    return isinstance(symbol, Local) or any(part[:1].isupper() or part in _LOADERS for part in parts)


def _is_kept(names: FunctionNames, variable: ast.Name) -> bool:
    """Return whether a function assigns a variable to something, or passes it on."""
    assignments = own_nodes(names.function, ast.Assign)
    calls = own_nodes(names.function, ast.Call)
    parts: list[ast.AST] = [assignment.value for assignment in assignments]
    parts += [argument for call in calls for argument in (*call.args, *call.keywords)]
    return any(isinstance(node, ast.Name) and node.id == variable.id for part in parts for node in walk(part))


def _sets_attributes(names: FunctionNames) -> bool:
    return any(isinstance(node.ctx, ast.Store) for node in own_nodes(names.function, ast.Attribute))


LOAD_RETURNS = Rule(
    code="TRS125",
    name="load-returns",
    severity=Severity.WARNING,
    summary="`load` returns the model instead of keeping it",
    explanation="""\
The server calls `load` and ignores its result. A model that `load` only returns is lost,
and `predict` cannot use it.

Assign it to an attribute: `self.model = ...`.""",
    find=_find,
    good=(
        """\
import json


class Model:
    def load(self):
        self.labels = json.loads('["a"]')
        return self.labels

    def predict(self, model_input):
        return self.labels
""",
    ),
    bad=(
        """\
import json


class Model:
    def load(self):
        labels = json.loads('["a"]')
        return labels

    def predict(self, model_input):
        return self.labels
""",
        """\
class Pipeline:
    def run(self, text):
        return text


class Model:
    def load(self):
        return Pipeline()

    def predict(self, model_input):
        return Pipeline().run(model_input)
""",
    ),
)
