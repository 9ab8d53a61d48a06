"""TRS703 and TRS713: a call does not fit the function's parameters."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.failures.failures import find_failures
from truss_cli.contract.terms import Severity
from truss_cli.static.events import FailureKind

_GOOD = """\
class Model:
    def predict(self, model_input):
        return self.scale(2, factor=3)

    def scale(self, value, factor):
        return value * factor
"""

CALL_ARGUMENTS = Rule(
    code="TRS703",
    name="call-arguments",
    severity=Severity.ERROR,
    summary="A call does not fit the function's parameters",
    explanation="""\
The server runs this call, and Python raises `TypeError`: an argument is missing, or the
function does not take it.

Pass the arguments that the function takes.""",
    find=find_failures(FailureKind.ARGUMENTS, certain=True),
    good=(_GOOD,),
    bad=(
        """\
class Model:
    def predict(self, model_input):
        return self.scale(2)

    def scale(self, value, factor):
        return value * factor
""",
    ),
)

CALL_ARGUMENTS_LATER = Rule(
    code="TRS713",
    name="call-arguments-later",
    severity=Severity.WARNING,
    summary="A call does not fit the function's parameters, in some case",
    explanation="""\
As TRS703, but the line runs in some cases only: behind an `if`, or for some inputs.
Other requests succeed.""",
    find=find_failures(FailureKind.ARGUMENTS, certain=False),
    good=(_GOOD,),
    bad=(
        """\
class Model:
    def predict(self, model_input):
        if model_input.get("scale"):
            return self.scale(2)
        return 2

    def scale(self, value, factor):
        return value * factor
""",
    ),
)
