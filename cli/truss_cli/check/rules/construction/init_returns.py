"""TRS114: an `__init__` that gives something back."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.breaches import find_breaches
from truss_cli.contract.terms import Kind, Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.syntax.nodes import own_nodes

_NEVER_NONE = (ast.Dict, ast.List, ast.Set, ast.Tuple, ast.JoinedStr, ast.ListComp, ast.DictComp, ast.Lambda)
_find_form = find_breaches(Kind.INIT_RETURNS)


def _find(facts: TrussFacts) -> Iterator[Finding]:
    yield from _find_form(facts)
    found = facts.model.function("__init__") if facts.model else None
    if found is None or found[1].name != "__init__" or found[1].decorator_list:
        return
    module, function = found
    first = next(iter(own_nodes(function, ast.Return)), None)
    # One that stands in a block, or after another, may never be reached.
    if first in function.body and first is not None and _is_a_value(first.value):
        message = "`__init__` returns a value; Python only lets it return None"
        yield module.finding(first, message, "Remove the value.")


def _is_a_value(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Constant):
        return value.value is not None
    return isinstance(value, _NEVER_NONE) or (isinstance(value, ast.Name) and value.id == "self")


INIT_RETURNS = Rule(
    code="TRS114",
    name="init-returns",
    severity=Severity.ERROR,
    summary="`__init__` returns a value, is a coroutine or a generator",
    explanation="""\
Python raises an error when `__init__` returns anything but None. An `async def`, or one
with `yield`, always returns an object. The model cannot be created.

Write a plain `def __init__`, without a value after `return`.""",
    find=_find,
    good=(
        """\
class Model:
    def __init__(self, config):
        if not config:
            return
        self.config = config

    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def __init__(self):
        return 1

    def predict(self, model_input):
        return model_input
""",
        """\
class Model:
    async def __init__(self):
        self.ready = True

    def predict(self, model_input):
        return model_input
""",
    ),
)
