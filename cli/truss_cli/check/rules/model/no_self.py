"""TRS104: a method has no `self` parameter."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

NO_SELF = contract_rule(
    Kind.NO_SELF,
    code="TRS104",
    name="no-self",
    summary="A method has no `self` parameter",
    explanation="""\
A method is called on the model, so its first parameter is the model itself. One that
is written without parameters cannot even be inspected: the model fails to load.

Write `self` first, or decorate the method with `@staticmethod`.""",
    good=(
        """\
class Model:
    @staticmethod
    def predict(model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def predict():
        return 1
""",
        """\
class Model:
    def __init__():
        pass

    def predict(self, model_input):
        return model_input
""",
    ),
)
