"""TRS211: a response object, or a stream made elsewhere, that would be postprocessed."""

from collections.abc import Iterator

from truss_cli.check.facts.model.decorators import keeps_result
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import STREAMS, Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.events import Returned

_RESPONSE = "starlette.responses.Response"
_GENERATORS = ("types.GeneratorType", "types.AsyncGeneratorType")


def _find(facts: TrussFacts) -> Iterator[Finding]:
    if facts.model is None or "postprocess" not in facts.model.shape.members:
        return
    source, shape = facts.model.function("predict"), facts.model.shape.shape("predict")
    if source is None or shape is None or shape.form in STREAMS or not keeps_result(facts.types, *source):
        return
    for event in facts.run.events:
        if not isinstance(event, Returned) or event.method != "predict":
            continue
        for value in event.values:
            if value.type.is_a(_RESPONSE, *_GENERATORS):
                message = f"`predict` returns a `{value.type}`, which cannot be passed on to `postprocess`"
                help_text = "Do the work of `postprocess` inside `predict`."
                yield event.module.finding(event.node, message, help_text)


RESPONSE_POSTPROCESSED = Rule(
    code="TRS211",
    name="response-postprocessed",
    severity=Severity.WARNING,
    summary="`predict` returns a response or a stream, and there is a `postprocess`",
    explanation="""\
A response object, or a generator, that `predict` returns is sent as it is. With a
`postprocess` in the model, the server refuses it instead: such a request is answered
with status 500.

Do the work of `postprocess` inside `predict`, or return plain data.""",
    find=_find,
    good=(
        """\
class Model:
    def predict(self, model_input):
        return {"text": "a"}

    def postprocess(self, result):
        return result["text"]
""",
    ),
    bad=(
        """\
from starlette.responses import PlainTextResponse


class Model:
    def predict(self, model_input):
        return PlainTextResponse("a")

    def postprocess(self, result):
        return result
""",
    ),
)
