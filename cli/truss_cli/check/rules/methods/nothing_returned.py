"""TRS127: `preprocess` or `postprocess` returns nothing."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.function_names import FunctionNames
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.arguments import takes_request_only
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.names.symbols import Module
from truss_cli.static.syntax.flow import may_end_without_return
from truss_cli.static.syntax.nodes import Function, is_generator, own_nodes, walk


def _find(facts: TrussFacts) -> Iterator[Finding]:
    preprocess, postprocess = _plain_method(facts, "preprocess"), _plain_method(facts, "postprocess")
    if preprocess and _returns_nothing(preprocess[1]) and _predict_uses_input(facts):
        message = "`preprocess` returns nothing, so that `predict` receives None"
        yield preprocess[0].finding(preprocess[1], message, "Return the input for `predict`.")
    if postprocess and _returns_nothing(postprocess[1]):
        message = "`postprocess` returns nothing, so that every response is null"
        yield postprocess[0].finding(postprocess[1], message, "Return the result.")


def _plain_method(facts: TrussFacts, name: str) -> tuple[Module, Function] | None:
    """Return the undecorated function that the server calls by a name, if that is certain."""
    model = facts.model
    definition = model.function(name) if model and model.shape.shape(name) else None
    return None if definition is None or definition[1].decorator_list else definition


def _returns_nothing(function: Function) -> bool:
    values = [statement.value for statement in own_nodes(function, ast.Return)]
    is_empty = all(value is None or _is_none(value) for value in values)
    ends = bool(values) or may_end_without_return(function)
    is_stub = all(isinstance(node, ast.Pass) or _is_constant(node) for node in function.body)
    return is_empty and ends and not is_stub and not is_generator(function)


def _predict_uses_input(facts: TrussFacts) -> bool:
    """Return whether `predict` uses its first argument: it neither only returns it nor tests it for None."""
    definition, model = _plain_method(facts, "predict"), facts.model
    if definition is None or model is None:
        return False
    shape = model.shape.shape("predict")
    names = FunctionNames(facts.types, model, *definition)
    if shape is None or takes_request_only(shape) or not names.positional[1:]:
        return False
    parameter = names.positional[1]
    nodes = list(walk(definition[1]))
    tests = (node for node in nodes if isinstance(node, ast.Compare) and any(map(_is_none, node.comparators)))
    is_tested = any(_reads(part, parameter) for test in tests for part in walk(test))
    results = [node.value for node in nodes if isinstance(node, ast.Return)]
    return not is_tested and any(_reads(node, parameter) and node not in results for node in nodes)


def _reads(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)


def _is_constant(node: ast.stmt) -> bool:
    """Return whether a statement is a docstring or `...`."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


NOTHING_RETURNED = Rule(
    code="TRS127",
    name="nothing-returned",
    severity=Severity.WARNING,
    summary="`preprocess` or `postprocess` returns nothing",
    explanation="""\
The server passes the result of `preprocess` to `predict`, and sends the result of
`postprocess`. A method that changes its argument in place and returns nothing passes
None: `predict` receives None, or each response is null.

Return the value.""",
    find=_find,
    good=(
        """\
class Model:
    def preprocess(self, model_input):
        model_input["text"] = model_input["text"].strip()
        return model_input

    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def preprocess(self, model_input):
        model_input["text"] = model_input["text"].strip()

    def predict(self, model_input):
        return {"text": model_input["text"]}
""",
        """\
class Model:
    def predict(self, model_input):
        return {"text": model_input["text"]}

    def postprocess(self, result):
        result["ok"] = True
""",
    ),
)
