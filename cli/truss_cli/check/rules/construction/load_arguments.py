"""TRS115: `load` requires an argument."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

LOAD_ARGUMENTS = contract_rule(
    Kind.LOAD_ARGUMENTS,
    code="TRS115",
    name="load-arguments",
    summary="`load` requires an argument",
    explanation="""\
The server calls `load` without arguments, so one that requires any fails, and the model
never becomes ready.

Keep what `load` needs on `self` in `__init__`.""",
    good=(
        """\
class Model:
    def __init__(self, data_dir):
        self.data_dir = data_dir

    def load(self):
        self.weights = self.data_dir

    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def load(self, data_dir):
        self.weights = data_dir

    def predict(self, model_input):
        return model_input
""",
    ),
)
