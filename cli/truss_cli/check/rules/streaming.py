"""TRS117: a stream that would be postprocessed."""

from truss_cli.check.contract_rule import breaches_of
from truss_cli.check.diagnostic import Severity
from truss_cli.check.rule import Rule, model
from truss_cli.contract.terms import Kind

STREAM_POSTPROCESSED = Rule(
    code="TRS117",
    name="stream-postprocessed",
    severity=Severity.ERROR,
    summary="`predict` streams, and there is a `postprocess`",
    explanation="""\
A `predict` with `yield` streams its result, and the server does not pass a stream on to
`postprocess`: every call fails.

Do the work of `postprocess` inside `predict`, before each `yield`.""",
    find=breaches_of(Kind.STREAM_POSTPROCESSED),
    good=(
        model(
            """\
class Model:
    def predict(self, model_input):
        for word in model_input["text"].split():
            yield word.upper()
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    def predict(self, model_input):
        yield "a"

    def postprocess(self, result):
        return result
"""
        ),
    ),
)
