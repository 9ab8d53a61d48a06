"""TRS119: a parameter of an extra endpoint cannot be passed by position."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

ENDPOINT_NOT_POSITIONAL = contract_rule(
    Kind.ENDPOINT_NOT_POSITIONAL,
    code="TRS119",
    name="endpoint-not-positional",
    summary="A parameter of an extra endpoint cannot be passed by position",
    explanation="""\
The server calls `chat_completions`, `completions`, `embeddings`, `messages` and
`responses` as it calls `predict`: by position. With a keyword-only parameter or
`**kwargs`, the model serves `predict`, but each call of that endpoint fails.

Remove the `*`, or the `**`.""",
    good=(
        """\
class Model:
    def predict(self, model_input):
        return model_input

    def completions(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, model_input):
        return model_input

    def completions(self, *, model_input):
        return model_input
""",
    ),
)
