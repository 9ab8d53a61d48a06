"""TRS206 and TRS210: `return`s of what visibly cannot be sent."""

import ast
from collections.abc import Iterator

from truss_cli.check.diagnostic import Finding, Severity
from truss_cli.check.facts.results import Refused, Sender, gives_stream, refused, senders
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find, Rule, model
from truss_cli.contract.shape import Type

_KEYS = ("str", "int", "float", "bool", "NoneType")
_NESTED_STREAM = "Collect it in a list; only a whole result is streamed."


def _find(*, always: bool) -> Find:
    def find(facts: TrussFacts) -> Iterator[Finding]:
        for sender in senders(facts):
            if gives_stream(sender):
                continue
            values = sender.values.returned()
            found = [
                (value, bad) for value in values for bad in [_first_refused(facts, sender, value)] if bad
            ]
            if always is not (sender.main and 0 < len(found) == len(values)):
                continue
            for _, (node, bad) in found:
                span = sender.module.file.span(node)
                message = f"`{sender.name}` returns `{bad.type}`{_where(bad)}, which cannot be sent as JSON"
                yield Finding(sender.module.file.source.path, span, message, bad.help)

    return find


def _where(bad: Refused) -> str:
    return " inside its result" if bad.inside else ""


def _first_refused(facts: TrussFacts, sender: Sender, value: ast.expr) -> tuple[ast.expr, Refused] | None:
    for node, part, whole in sender.values.parts(value):
        if part.name in ("types.GeneratorType", "types.AsyncGeneratorType") and not whole:
            return node, Refused(part, _NESTED_STREAM, inside=True)
        key = _refused_key(node)
        if key is not None:
            return key, Refused(Type(f"dict key {ast.unparse(key)}"), "Use a string as the key.", inside=True)
        bad = refused(facts, part, whole=whole)
        if bad:
            return node, bad
    return None


def _refused_key(node: ast.expr) -> ast.expr | None:
    """Give a key of a dict display that JSON cannot have: a tuple, bytes, or the like."""
    for key in node.keys if isinstance(node, ast.Dict) else ():
        if isinstance(key, ast.Tuple) or (
            isinstance(key, ast.Constant) and type(key.value).__name__ not in _KEYS
        ):
            return key
    return None


UNSENDABLE_RESULT = Rule(
    code="TRS206",
    name="unsendable-result",
    severity=Severity.ERROR,
    summary="What is returned can never be sent as JSON",
    explanation="""\
Every `return` of the method visibly gives something that the server cannot encode as
JSON: a set, bytes, a datetime, a plain enumeration member, a Pydantic object inside a
dict, a coroutine that is not awaited, ... Every request is answered with status 500.

Convert the value before it is returned.""",
    find=_find(always=True),
    good=(model("class Model:\n    def predict(self, model_input):\n        return sorted({1, 2})\n"),),
    bad=(
        model("class Model:\n    def predict(self, model_input):\n        return {1, 2}\n"),
        model(
            """\
import datetime


class Model:
    def predict(self, model_input):
        return {"when": datetime.datetime.now()}
"""
        ),
        model(
            """\
import pydantic


class Output(pydantic.BaseModel):
    text: str


class Model:
    def predict(self, model_input):
        return {"output": Output(text="a")}
"""
        ),
        model(
            """\
class Model:
    async def answer(self, model_input):
        return model_input

    async def predict(self, model_input):
        return self.answer(model_input)
"""
        ),
    ),
)

UNSENDABLE_PATH = Rule(
    code="TRS210",
    name="unsendable-path",
    severity=Severity.WARNING,
    summary="What is returned in some cases cannot be sent as JSON",
    explanation="""\
One `return` of the method, among others, visibly gives something that the server cannot
encode as JSON, or a method for another endpoint does. Requests that come there are
answered with status 500.

Convert the value before it is returned.""",
    find=_find(always=False),
    good=(
        model(
            """\
class Model:
    def predict(self, model_input):
        if not model_input:
            return []
        return sorted({1, 2})
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    def predict(self, model_input):
        if not model_input:
            return {1, 2}
        return {"text": model_input}
"""
        ),
    ),
)
