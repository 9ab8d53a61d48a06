"""TRS722: the environment is subscripted where it may be None."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.failures.remarks import find_remarks
from truss_cli.contract.terms import Severity

ENVIRONMENT_SUBSCRIPTED = Rule(
    code="TRS722",
    name="environment-subscripted",
    severity=Severity.WARNING,
    summary="The environment is subscripted where it may be None",
    explanation="""\
`environment` is a dict only in a deployment to a named environment, and None everywhere
else. A subscript of None raises `TypeError`, so that the model works in production only.

Check it before it is subscripted.""",
    find=find_remarks("environment subscripted"),
    good=(
        """\
class Model:
    def __init__(self, environment):
        self.name = environment["name"] if environment else "development"

    def predict(self, model_input):
        return self.name
""",
    ),
    bad=(
        """\
class Model:
    def __init__(self, environment):
        self.name = environment["name"]

    def predict(self, model_input):
        return self.name
""",
    ),
)
