"""TRS705 and TRS715: an operation is applied to a type that does not support it."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.failures.failures import find_failures
from truss_cli.contract.terms import Severity
from truss_cli.static.events import FailureKind

_GOOD = """\
class Model:
    def __init__(self, data_dir):
        self.path = data_dir / "labels.txt"

    def predict(self, model_input):
        return str(self.path)
"""

UNSUPPORTED_OPERATION = Rule(
    code="TRS705",
    name="unsupported-operation",
    severity=Severity.ERROR,
    summary="An operation is applied to a type that does not support it",
    explanation="""\
The server runs this line, and Python raises `TypeError`: `+` between a path and a string, a
subscript of None, an `await` of a plain value, ...

`data_dir` is a `pathlib.Path`: join it by `/`.""",
    find=find_failures(FailureKind.OPERATION, FailureKind.NONE, certain=True),
    good=(_GOOD,),
    bad=(
        """\
class Model:
    def __init__(self, data_dir):
        self.path = data_dir + "/labels.txt"

    def predict(self, model_input):
        return str(self.path)
""",
    ),
)

UNSUPPORTED_OPERATION_LATER = Rule(
    code="TRS715",
    name="unsupported-operation-later",
    severity=Severity.WARNING,
    summary="An operation is applied to a type that does not support it, in some case",
    explanation="""\
As TRS705, but the line runs in some cases only: behind an `if`, or for some inputs.
Other requests succeed.""",
    find=find_failures(FailureKind.OPERATION, certain=False),
    good=(_GOOD,),
    bad=(
        """\
class Model:
    def __init__(self, data_dir):
        self.data_dir = data_dir

    def predict(self, model_input):
        if model_input.get("labels"):
            return str(self.data_dir + "/labels.txt")
        return "none"
""",
    ),
)
