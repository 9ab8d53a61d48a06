"""TRS117: a stream that would be postprocessed."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

STREAM_POSTPROCESSED = contract_rule(
    Kind.STREAM_POSTPROCESSED,
    code="TRS117",
    name="stream-postprocessed",
    summary="`predict` streams, and there is a `postprocess`",
    explanation="""\
A `predict` with `yield` streams its result, and the server does not pass a stream on to
`postprocess`: every call fails.

Do the work of `postprocess` inside `predict`, before each `yield`.""",
    good=(
        """\
class Model:
    def predict(self, model_input):
        for word in model_input["text"].split():
            yield word.upper()
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, model_input):
        yield "a"

    def postprocess(self, result):
        return result
""",
    ),
)
