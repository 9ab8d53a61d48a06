"""TRS126: the environment is treated as a string."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.function_names import FunctionNames
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.shape import Type
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.syntax.nodes import Function, own_nodes, walk

_ARGUMENT = "environment"
_TAKING = ("__init__", "setup_environment")
_STRING_METHODS = frozenset(
    {
        "capitalize",
        "casefold",
        "endswith",
        "lower",
        "replace",
        "split",
        "startswith",
        "strip",
        "title",
        "upper",
    }
)
_UNIONS = ("typing.Union", "types.UnionType")
_DEEPEST = 3
"""Names and attributes that are followed, one to the other."""
_HELP = 'Compare its name: `environment is not None and environment["name"] == "production"`.'


class _Holders:
    """Names and attributes that hold the environment; each attribute is searched for once."""

    def __init__(self) -> None:
        self._attributes: dict[str, bool] = {}

    def is_environment(self, names: FunctionNames, node: ast.expr, depth: int = 0) -> bool:
        """Return whether an expression is the environment that the server passes."""
        if depth > _DEEPEST:
            return False
        if isinstance(node, ast.Attribute):
            return self._is_attribute(names, node, depth)
        if isinstance(node, ast.Name):
            bindings = names.scope.bindings.get(node.id, ())
            if node.id in names.parameters:
                return not bindings and _is_called_by_server(names) and node.id == _parameter(names)
            value = bindings[0].what if len(bindings) == 1 else None
            return isinstance(value, ast.expr) and self.is_environment(names, value, depth + 1)
        return _is_keyword(names, node)

    def _is_attribute(self, names: FunctionNames, node: ast.Attribute, depth: int) -> bool:
        if not isinstance(node.value, ast.Name) or node.value.id != names.instance:
            return False
        if node.attr not in self._attributes:
            source = names.stored(node)
            self._attributes[node.attr] = source is not None and self.is_environment(
                source.names, source.node, depth + 1
            )
        return self._attributes[node.attr]


def _find(facts: TrussFacts) -> Iterator[Finding]:
    model = facts.model
    if model is None or not any(_takes_environment(function) for _, function in model.functions()):
        return
    holders = _Holders()
    for method in model.functions():
        names = FunctionNames(facts.types, model, *method)
        if not _tests_type(names):
            for node, message in (*_annotated(names), *_compared(names, holders), *_called(names, holders)):
                yield names.module.finding(node, message, _HELP)


def _takes_environment(function: Function) -> bool:
    """Return whether a function may take the environment, by any of its names."""
    arguments = function.args
    texts = {node.value for node in own_nodes(function, ast.Constant)}
    is_taken = any(argument.arg == _ARGUMENT for argument in (*arguments.args, *arguments.kwonlyargs))
    return function.name in _TAKING and (is_taken or _ARGUMENT in texts or function.name != "__init__")


def _annotated(names: FunctionNames) -> Iterator[tuple[ast.AST, str]]:
    """Yield a parameter that is annotated as a string."""
    if names.function.name != "__init__" or not _is_called_by_server(names):
        return
    for argument in (*names.function.args.args, *names.function.args.kwonlyargs):
        annotation = names.types.annotation(names.module, argument.annotation)
        if argument.arg == _ARGUMENT and annotation and _is_string(annotation.type):
            yield argument, "`environment` is a dict or None, not a string"


def _is_string(annotation: Type) -> bool:
    """Return whether a type is `str`, or a union of it and None."""
    members = annotation.arguments if annotation.name in _UNIONS else (annotation,)
    return {member.name for member in members} - {"builtins.None"} == {"builtins.str"}


def _compared(names: FunctionNames, holders: _Holders) -> Iterator[tuple[ast.AST, str]]:
    """Yield comparisons of the environment with a string, and searches for it among strings."""
    for compare in own_nodes(names.function, ast.Compare):
        for environment, values in _compared_pairs(compare):
            are_texts = bool(values) and all(names.text(value) is not None for value in values)
            if are_texts and holders.is_environment(names, environment):
                yield compare, f"`{ast.unparse(environment)}` is a dict or None, which never equals a string"


def _compared_pairs(compare: ast.Compare) -> Iterator[tuple[ast.expr, list[ast.expr]]]:
    match compare:
        case ast.Compare(left, [ast.Eq() | ast.NotEq()], [right]):
            yield left, [right]
            yield right, [left]
        case ast.Compare(
            left, [ast.In() | ast.NotIn()], [ast.Tuple(values) | ast.List(values) | ast.Set(values)]
        ):
            yield left, values


def _called(names: FunctionNames, holders: _Holders) -> Iterator[tuple[ast.AST, str]]:
    for call in own_nodes(names.function, ast.Call):
        function = call.func
        if not isinstance(function, ast.Attribute) or function.attr not in _STRING_METHODS:
            continue
        if holders.is_environment(names, function.value):
            message = f"`{ast.unparse(function.value)}` is a dict or None, and has no `{function.attr}`"
            yield function, message


def _is_keyword(names: FunctionNames, node: ast.expr) -> bool:
    """Return whether an expression is `kwargs["environment"]` or `.get("environment")` of `__init__`."""
    keywords = names.function.args.kwarg
    if keywords is None or names.function.name != "__init__" or not _is_called_by_server(names):
        return False
    match node:
        case ast.Subscript(ast.Name(name), ast.Constant(key)):
            return (name, key) == (keywords.arg, _ARGUMENT)
        case ast.Call(ast.Attribute(ast.Name(name), "get" | "pop"), [ast.Constant(key), *_]):
            return (name, key) == (keywords.arg, _ARGUMENT)
    return False


def _parameter(names: FunctionNames) -> str | None:
    if names.function.name == "__init__":
        return _ARGUMENT
    return names.positional[1] if names.positional[1:] else None


def _is_called_by_server(names: FunctionNames) -> bool:
    definition = names.model.function(names.function.name)
    is_method = names.function.name in _TAKING and not names.function.decorator_list
    return is_method and definition is not None and definition[1] is names.function


def _tests_type(names: FunctionNames) -> bool:
    """Return whether a function tests types, so that a string may be meant for other callers."""
    calls = (node for node in walk(names.function) if isinstance(node, ast.Call))
    return any(isinstance(call.func, ast.Name) and call.func.id in ("isinstance", "type") for call in calls)


ENVIRONMENT_TEXT = Rule(
    code="TRS126",
    name="environment-text",
    severity=Severity.WARNING,
    summary="The environment is treated as a string",
    explanation="""\
The `environment` that `__init__` and `setup_environment` receive is a dict such as
`{"name": "production"}`, or None outside of an environment. It never equals a string, so
the branch for production never runs, and methods of strings raise AttributeError.

Compare its name: `environment is not None and environment["name"] == "production"`.""",
    find=_find,
    good=(
        """\
class Model:
    def __init__(self, environment):
        self.is_production = environment is not None and environment["name"] == "production"

    def predict(self, model_input):
        return {"production": self.is_production}
""",
    ),
    bad=(
        """\
class Model:
    def __init__(self, **kwargs):
        self._environment = kwargs.get("environment")

    def predict(self, model_input):
        return {"production": self._environment == "production"}
""",
        """\
class Model:
    def __init__(self, environment: str):
        self.environment = environment

    def predict(self, model_input):
        return {"environment": self.environment}
""",
    ),
)
