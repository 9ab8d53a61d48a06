"""TRS009: a suppression comment that hides nothing."""

from collections.abc import Iterable

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding


def found_with_suppressions(_: TrussFacts) -> Iterable[Finding]:
    """Return nothing: what a comment hides is known once all rules have run."""
    return ()


UNUSED_SUPPRESSION = Rule(
    code="TRS009",
    name="unused-suppression",
    severity=Severity.WARNING,
    summary="A suppression comment suppresses nothing",
    explanation="""\
A comment `# truss: ignore[...]` stands on a line without such a finding. It would
silently hide a real one later.

Remove the comment.""",
    find=found_with_suppressions,
    good=(
        """\
class Model:
    def load(self):
        pass

    async def load_more(self):
        pass

    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, model_input):  # truss: ignore[TRS105]
        return model_input
""",
    ),
    opt_in=True,
)
