"""TRS103: a method of the contract is not something that can be called."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

NOT_CALLABLE = contract_rule(
    Kind.NOT_CALLABLE,
    code="TRS103",
    name="not-callable",
    summary="A method of the contract is not callable",
    explanation="""\
The server looks for its methods by name (`predict`, `load`, `messages`, `embeddings`, ...)
and inspects what it finds. An attribute of such a name that is not a method, on the class
or set in `__init__`, makes the model fail to load.

Make it a method, or give the attribute another name.""",
    good=(
        """\
class Model:
    def __init__(self):
        self.history = []

    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    load = None

    def predict(self, model_input):
        return model_input
""",
        """\
class Model:
    def __init__(self):
        self.messages = []

    def predict(self, model_input):
        return model_input
""",
    ),
)
