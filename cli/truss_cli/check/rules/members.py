"""TRS102 to TRS104: a model must have a method to call, and its methods must be callable."""

from truss_cli.check.contract_rule import breaches_of
from truss_cli.check.diagnostic import Severity
from truss_cli.check.rule import Rule, model
from truss_cli.contract.terms import Kind

NO_PREDICT = Rule(
    code="TRS102",
    name="no-predict",
    severity=Severity.ERROR,
    summary="The model has neither `predict` nor `websocket`",
    explanation="""\
The server looks for `predict` on the model, or for `websocket`. Without either of
them the model fails to load.

Add `def predict(self, model_input)`. A method with a typing error in its name, or one
that is indented too little to be in the class, is a common cause.""",
    find=breaches_of(Kind.NO_PREDICT),
    good=(
        model(
            """\
class Model:
    def predict(self, model_input):
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    def predcit(self, model_input):
        return model_input
"""
        ),
        model(
            """\
class Model:
    def load(self):
        pass


def predict(self, model_input):
    return model_input
"""
        ),
    ),
)

NOT_CALLABLE = Rule(
    code="TRS103",
    name="not-callable",
    severity=Severity.ERROR,
    summary="A method of the contract is not something that can be called",
    explanation="""\
The server looks for its methods by name (`predict`, `load`, `messages`, `embeddings`, ...)
and inspects what it finds. An attribute of such a name that is no method, on the class
or set in `__init__`, makes the model fail to load.

Make it a method, or give the attribute another name.""",
    find=breaches_of(Kind.NOT_CALLABLE),
    good=(
        model(
            """\
class Model:
    def __init__(self):
        self.history = []

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    load = None

    def predict(self, model_input):
        return model_input
"""
        ),
        model(
            """\
class Model:
    def __init__(self):
        self.messages = []

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
)

NO_SELF = Rule(
    code="TRS104",
    name="no-self",
    severity=Severity.ERROR,
    summary="A method has no `self` parameter",
    explanation="""\
A method is called on the model, so its first parameter is the model itself. One that
is written without parameters cannot even be inspected: the model fails to load.

Write `self` first, or decorate the method with `@staticmethod`.""",
    find=breaches_of(Kind.NO_SELF),
    good=(
        model(
            """\
class Model:
    @staticmethod
    def predict(model_input):
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    def predict():
        return 1
"""
        ),
        model(
            """\
class Model:
    def __init__():
        pass

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
)
