"""TRS402: a secret is read in some case, but not declared."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.secrets.undeclared import find_undeclared
from truss_cli.contract.terms import Severity

_DECLARED = "secrets:\n  hf_access_token: null\n"
_EMPTY = "model_name: m\n"

_READS_LATER = """\
class Model:
    def __init__(self, secrets):
        self.secrets = secrets

    def predict(self, model_input):
        return len(self.secrets["hf_access_token"])
"""


UNDECLARED_SECRET_LATER = Rule(
    code="TRS402",
    name="undeclared-secret-later",
    severity=Severity.WARNING,
    summary="A secret is read in some case, but not declared",
    explanation="""\
As TRS401, but the lookup depends on a condition, or is in a method that runs later: the
model loads, and fails when the lookup runs.

Declare it: `secrets: {hf_access_token: null}`. Its value is set elsewhere, never here.""",
    find=find_undeclared(certain=False),
    good=({"config.yaml": _DECLARED, "model/model.py": _READS_LATER},),
    bad=({"config.yaml": _EMPTY, "model/model.py": _READS_LATER},),
)
