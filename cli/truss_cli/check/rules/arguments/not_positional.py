"""TRS107: a parameter cannot be passed by position."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

NOT_POSITIONAL = contract_rule(
    Kind.NOT_POSITIONAL,
    code="TRS107",
    name="not-positional",
    summary="A parameter cannot be passed by position",
    explanation="""\
The server passes the input and the request by position. A keyword-only parameter, or
`**kwargs`, cannot take them: every call fails.

Remove the `*`, or the `**`.""",
    good=(
        """\
class Model:
    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, *, model_input):
        return model_input
""",
        """\
class Model:
    def predict(self, **inputs):
        return inputs
""",
    ),
)
