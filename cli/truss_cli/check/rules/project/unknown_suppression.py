"""TRS013: a suppression comment that names no rule."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.project.unused_suppression import found_with_suppressions
from truss_cli.contract.terms import Severity

UNKNOWN_SUPPRESSION = Rule(
    code="TRS013",
    name="unknown-suppression",
    severity=Severity.WARNING,
    summary="A suppression comment names no rule",
    explanation="""\
A comment `# truss: ignore[...]` names something that is neither a rule's code, nor a prefix
of codes, nor a rule's name. It hides nothing.

Correct it; `truss rule` lists the rules.""",
    find=found_with_suppressions,
    good=(
        """\
class Model:
    async def load(self):  # truss: ignore[load-not-run]
        pass

    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    async def load(self):  # truss: ignore[load-not-awaited]
        pass

    def predict(self, model_input):
        return model_input
""",
    ),
)
