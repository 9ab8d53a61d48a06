"""TRS701 and TRS711: a name is read that nothing defines."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.failures.failures import find_failures
from truss_cli.contract.terms import Severity
from truss_cli.static.events import FailureKind

_GOOD = """\
import json


class Model:
    def load(self):
        self.labels = json.loads("[]")

    def predict(self, model_input):
        return self.labels
"""

UNDEFINED_NAME = Rule(
    code="TRS701",
    name="undefined-name",
    severity=Severity.ERROR,
    summary="A name is read that nothing defines",
    explanation="""\
The server runs this line, and the name is neither bound in the file nor built in. Python
finds that out only when the line runs: with `NameError`, the model does not load, or the
request fails.

Import or define the name.""",
    find=find_failures(FailureKind.NAME, certain=True),
    good=(_GOOD,),
    bad=(
        """\
class Model:
    def load(self):
        self.labels = json.loads("[]")

    def predict(self, model_input):
        return self.labels
""",
    ),
)

UNDEFINED_NAME_LATER = Rule(
    code="TRS711",
    name="undefined-name-later",
    severity=Severity.WARNING,
    summary="A name is read that nothing defines, in some case",
    explanation="""\
As TRS701, but the line runs in some cases only: behind an `if`, or for some inputs.
Other requests succeed.""",
    find=find_failures(FailureKind.NAME, certain=False),
    good=(_GOOD,),
    bad=(
        """\
class Model:
    def predict(self, model_input):
        if model_input.get("debug"):
            logger.info("debug")
        return {}
""",
    ),
)
