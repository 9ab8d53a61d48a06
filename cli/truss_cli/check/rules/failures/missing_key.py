"""TRS704 and TRS714: a key is read that is never there."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.failures.failures import find_failures
from truss_cli.contract.terms import Severity
from truss_cli.static.events import FailureKind

_GOOD = {
    "config.yaml": """\
model_metadata:
  threshold: 0.5
""",
    "model/model.py": """\
class Model:
    def __init__(self, **kwargs):
        self.threshold = kwargs["config"]["model_metadata"]["threshold"]

    def predict(self, model_input):
        return self.threshold
""",
}

MISSING_KEY = Rule(
    code="TRS704",
    name="missing-dict-key",
    severity=Severity.ERROR,
    summary="A key is read that is never there",
    explanation="""\
The server runs this line, and the dict never has the key: config.yaml does not set it, or
the code that makes the dict does not. Python raises `KeyError`.

Add the key, or read it by `.get(...)`.""",
    find=find_failures(FailureKind.KEY, certain=True),
    good=(_GOOD,),
    bad=(
        """\
class Model:
    def __init__(self, **kwargs):
        self.threshold = kwargs["config"]["model_metadata"]["threshold"]

    def predict(self, model_input):
        return self.threshold
""",
    ),
)

MISSING_KEY_LATER = Rule(
    code="TRS714",
    name="missing-dict-key-later",
    severity=Severity.WARNING,
    summary="A key is read that is never there, in some case",
    explanation="""\
As TRS704, but the line runs in some cases only: behind an `if`, or for some inputs.
Other requests succeed.""",
    find=find_failures(FailureKind.KEY, certain=False),
    good=(_GOOD,),
    bad=(
        """\
class Model:
    def predict(self, model_input):
        scores = {"cat": 1}
        if model_input.get("dog"):
            return scores["dog"]
        return scores
""",
    ),
)
