"""TRS102: the model has neither `predict` nor `websocket`."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

NO_PREDICT = contract_rule(
    Kind.NO_PREDICT,
    code="TRS102",
    name="no-predict",
    summary="The model has neither `predict` nor `websocket`",
    explanation="""\
The server looks for `predict` on the model, or for `websocket`. Without either of
them the model fails to load.

Add `def predict(self, model_input)`. A misspelt method name, or a method
that is indented too little to be in the class, is a common cause.""",
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
    def predcit(self, model_input):
        return model_input
""",
        """\
class Model:
    def load(self):
        pass


def predict(self, model_input):
    return model_input
""",
    ),
)
