"""TRS207: a stream of what cannot be sent."""

from collections.abc import Iterable, Iterator

from truss_cli.check.facts.results.result_methods import (
    ResultMethod,
    gives_stream,
    is_stream_type,
    result_methods,
)
from truss_cli.check.facts.results.value import Value
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.results import CHUNK_TYPES, refusal
from truss_cli.contract.shape import Type
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.names.symbols import Module

_HELP = "Yield text: `json.dumps(...)` and a newline, for instance."
_NEVER_CHUNKS = (
    "builtins.int",
    "builtins.float",
    "builtins.dict",
    "builtins.list",
    "builtins.tuple",
    "builtins.None",
)


def _find(facts: TrussFacts) -> Iterator[Finding]:
    for method in result_methods(facts):
        if gives_stream(method):
            yield from _yielded(method.module, method.name, method.yielded())
            yield from _annotated(method)
            continue
        for stream in method.streams():
            names = stream.names
            yield from _yielded(names.module, names.function.name, stream.yielded())


def _yielded(module: Module, name: str, values: Iterable[Value]) -> Iterator[Finding]:
    for value in values:
        if _never_a_chunk(value.type):
            message = f"`{name}` yields `{value.type}`; a stream can only send str and bytes"
            yield module.finding(value.node, message, _HELP)


def _annotated(method: ResultMethod) -> Iterator[Finding]:
    returns = method.shape.returns
    if returns is None or method.function.returns is None or not is_stream_type(returns.type):
        return
    chunk = next(iter(returns.type.arguments), None)
    if chunk is not None and _never_a_chunk(chunk):
        message = f"`{method.name}` is annotated to stream `{chunk}`; a stream can only send str and bytes"
        yield method.module.finding(method.function.returns, message, _HELP)


def _never_a_chunk(chunk: Type) -> bool:
    if chunk.is_a(*CHUNK_TYPES):
        return False
    return chunk.is_a(*_NEVER_CHUNKS) or refusal(chunk, whole=False) is not None


UNSENDABLE_CHUNK = Rule(
    code="TRS207",
    name="unsendable-chunk",
    severity=Severity.WARNING,
    summary="A stream yields something other than text or bytes",
    explanation="""\
The server sends the chunks of a stream as they are, and can only send str and bytes.
With anything else, a dict for instance, the response breaks off at that chunk, empty
if it is the first.

Yield text, such as `json.dumps(chunk)` followed by a newline.""",
    find=_find,
    good=(
        """\
import json


class Model:
    def predict(self, model_input):
        for number in range(3):
            yield json.dumps({"number": number}) + "\\n"
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, model_input):
        for number in range(3):
            yield {"number": number}
""",
        """\
from collections.abc import Iterator


class Model:
    def predict(self, model_input) -> Iterator[dict]:
        yield from model_input
""",
        """\
class Model:
    async def stream(self):
        yield {"number": 1}

    async def predict(self, model_input):
        return self.stream()
""",
    ),
)
