"""TRS210: what is returned in some cases cannot be sent as JSON."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.results.returned_values import find_unsendable_result
from truss_cli.contract.terms import Severity

UNSENDABLE_PATH = Rule(
    code="TRS210",
    name="unsendable-path",
    severity=Severity.WARNING,
    summary="What is returned in some cases cannot be sent as JSON",
    explanation="""\
One `return` of the method, among others, visibly returns something that the server cannot
encode as JSON, or a method for another endpoint does. Requests that reach it are
answered with status 500.

Convert the value before it is returned.""",
    find=find_unsendable_result(always=False),
    good=(
        """\
class Model:
    def predict(self, model_input):
        if not model_input:
            return []
        return sorted({1, 2})
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, model_input):
        if not model_input:
            return {1, 2}
        return {"text": model_input}
""",
    ),
)
