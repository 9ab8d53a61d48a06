"""TRS110: `is_healthy` takes an argument."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

IS_HEALTHY_ARGUMENTS = contract_rule(
    Kind.IS_HEALTHY_ARGUMENTS,
    code="TRS110",
    name="is-healthy-arguments",
    summary="`is_healthy` takes an argument",
    explanation="""\
The server calls `is_healthy` without arguments. If it takes any, even with a default,
the model fails to load.

Write `def is_healthy(self) -> bool`.""",
    good=(
        """\
class Model:
    def is_healthy(self) -> bool:
        return True

    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def is_healthy(self, timeout=1) -> bool:
        return True

    def predict(self, model_input):
        return model_input
""",
    ),
)
