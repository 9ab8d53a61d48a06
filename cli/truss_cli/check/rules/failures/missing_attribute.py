"""TRS702 and TRS712: an attribute is read that nothing sets."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.failures.failures import find_failures
from truss_cli.contract.terms import Severity
from truss_cli.static.events import FailureKind

_GOOD = """\
class Model:
    def load(self):
        self.refiner = str.upper

    def predict(self, model_input):
        return self.refiner("a")
"""

MISSING_ATTRIBUTE = Rule(
    code="TRS702",
    name="missing-attribute",
    severity=Severity.ERROR,
    summary="An attribute is read that nothing sets",
    explanation="""\
The server runs this line, and the object never has the attribute: no method that ran before
sets it, and its class does not define it.

Correct the name, or set the attribute before it is read.""",
    find=find_failures(FailureKind.ATTRIBUTE, certain=True),
    good=(_GOOD,),
    bad=(
        """\
class Model:
    def load(self):
        self.refiner = str.upper

    def predict(self, model_input):
        return self.refinr("a")
""",
    ),
)

MISSING_ATTRIBUTE_LATER = Rule(
    code="TRS712",
    name="missing-attribute-later",
    severity=Severity.WARNING,
    summary="An attribute is read that nothing sets, in some case",
    explanation="""\
As TRS702, but the line runs in some cases only: behind an `if`, or for some inputs.
Other requests succeed.""",
    find=find_failures(FailureKind.ATTRIBUTE, certain=False),
    good=(_GOOD,),
    bad=(
        """\
class Model:
    def load(self):
        self.refiner = str.upper

    def predict(self, model_input):
        if model_input.get("refine"):
            return self.refinr("a")
        return "a"
""",
    ),
)
