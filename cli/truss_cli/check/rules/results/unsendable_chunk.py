"""TRS207: a stream of what cannot be sent."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract import returning_method
from truss_cli.contract.results import CHUNK_TYPES, STREAM_TYPES, refusal
from truss_cli.contract.shape import Type
from truss_cli.contract.terms import ENDPOINTS, STREAMS, Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.events import Result

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
    for event in facts.run.events:
        if isinstance(event, Result) and event.streamed:
            chunk = event.unsendable[0]
            message = f"`{event.method}` yields `{chunk.type}`; a stream can only send str and bytes"
            yield event.module.finding(chunk.node, message, _HELP)
    yield from _annotated(facts)


def _annotated(facts: TrussFacts) -> Iterator[Finding]:
    """Yield the methods that are annotated to stream what cannot be sent."""
    if facts.model is None:
        return
    for name in (returning_method(facts.model.shape), *ENDPOINTS):
        found, shape = facts.model.function(name), facts.model.shape.shape(name)
        returns = shape.returns if shape and shape.form in STREAMS else None
        if found is None or returns is None or returns.type.name not in STREAM_TYPES:
            continue
        module, function = found
        chunk = next(iter(returns.type.arguments), None)
        if function.returns is not None and chunk is not None and _never_a_chunk(chunk):
            message = f"`{name}` is annotated to stream `{chunk}`; a stream can only send str and bytes"
            yield module.finding(function.returns, message, _HELP)


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
