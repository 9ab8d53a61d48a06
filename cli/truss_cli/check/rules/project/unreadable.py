"""TRS008: a file or folder that cannot be read."""

from collections.abc import Iterable

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding


def _reported_by_the_engine(_: TrussFacts) -> Iterable[Finding]:
    return ()


UNREADABLE = Rule(
    code="TRS008",
    name="unreadable",
    severity=Severity.ERROR,
    summary="A file or folder cannot be read",
    explanation="""\
A file of the truss, or a folder that may hold trusses, could not be opened: its
permissions forbid it, it is not a regular file, or a link leads in a circle. What it
holds was not checked, and what cannot be read cannot be deployed.

Give the user who runs the check permission to read it, or leave it out of the paths.""",
    find=_reported_by_the_engine,
    good=(
        """\
class Model:
    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(),
)
