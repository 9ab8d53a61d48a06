"""TRS401: a secret is read while loading, but not declared."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.secrets.undeclared import find_undeclared
from truss_cli.contract.terms import Severity

_READS = """\
class Model:
    def __init__(self, secrets):
        self.token = secrets["hf_access_token"]

    def predict(self, model_input):
        return model_input
"""
_DECLARED = "secrets:\n  hf_access_token: null\n"
_EMPTY = "model_name: m\n"

_GUARDS = """\
class Model:
    def __init__(self, secrets):
        self.token = secrets["hf_access_token"] if secrets else None

    def predict(self, model_input):
        return model_input
"""


UNDECLARED_SECRET = Rule(
    code="TRS401",
    name="undeclared-secret",
    severity=Severity.ERROR,
    summary="A secret is read while loading, but not declared",
    explanation="""\
The server gives a model the secrets that config.yaml names under `secrets`. Looking up
another one raises an error, even with `.get`, with a default, or with `in`, and even if
the account has such a secret. This lookup runs each time the model loads.

Declare it: `secrets: {hf_access_token: null}`. Its value is set elsewhere, never here.""",
    find=find_undeclared(certain=True),
    good=(
        {"config.yaml": _DECLARED, "model/model.py": _READS},
        {"config.yaml": _EMPTY, "model/model.py": _GUARDS},
    ),
    bad=({"config.yaml": _EMPTY, "model/model.py": _READS},),
)
