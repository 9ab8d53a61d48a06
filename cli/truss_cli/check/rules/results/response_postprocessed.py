"""TRS211: a response object, or a stream made elsewhere, that would be postprocessed."""

from collections.abc import Iterator

from truss_cli.check.facts.results.result_methods import gives_stream, result_method
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding

_RESPONSE = "starlette.responses.Response"
_GENERATORS = ("types.GeneratorType", "types.AsyncGeneratorType")


def _find(facts: TrussFacts) -> Iterator[Finding]:
    if facts.model is None or "postprocess" not in facts.model.shape.members:
        return
    method = result_method(facts, facts.model, "predict", main=False)
    if method is None or gives_stream(method):
        return
    for value in method.returned():
        given = value.type
        if given.is_a(_RESPONSE, *_GENERATORS):
            message = f"`predict` returns a `{given}`, which cannot be passed on to `postprocess`"
            yield method.module.finding(value.node, message, "Do the work of `postprocess` inside `predict`.")


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
