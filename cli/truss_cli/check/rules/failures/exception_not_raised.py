"""TRS721: an exception is created, but not raised."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.failures.remarks import find_remarks
from truss_cli.contract.terms import Severity

EXCEPTION_NOT_RAISED = Rule(
    code="TRS721",
    name="exception-not-raised",
    severity=Severity.WARNING,
    summary="An exception is created, but not raised",
    explanation="""\
A statement that only creates an exception has no effect: the check that it belongs to
never rejects an input, and the code after it runs.

Write `raise` before the exception.""",
    find=find_remarks("not raised"),
    good=(
        """\
class Model:
    def predict(self, model_input):
        if "text" not in model_input:
            raise ValueError("text is missing")
        return model_input["text"]
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, model_input):
        if "text" not in model_input:
            ValueError("text is missing")
        return model_input["text"]
""",
    ),
)
