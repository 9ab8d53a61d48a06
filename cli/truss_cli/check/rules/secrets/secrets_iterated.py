"""TRS403: the secrets are iterated."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding

_READS = """\
class Model:
    def __init__(self, secrets):
        self.token = secrets["hf_access_token"]

    def predict(self, model_input):
        return model_input
"""
_DECLARED = "secrets:\n  hf_access_token: null\n"

_ITERATES = """\
class Model:
    def __init__(self, secrets):
        self.tokens = dict(secrets)

    def predict(self, model_input):
        return model_input
"""


def _find_iterated(facts: TrussFacts) -> Iterator[Finding]:
    for node, module in facts.secret_uses.iterated.items():
        message = "the secrets cannot be iterated; the server raises an error"
        help_text = 'Look each one up by its name: `secrets["name"]`.'
        yield module.finding(node, message, help_text)


SECRETS_ITERATED = Rule(
    code="TRS403",
    name="secrets-iterated",
    severity=Severity.WARNING,
    summary="The secrets are iterated",
    explanation="""\
The server's secrets can only be looked up. Iterating them raises an error: in a `for`,
with `dict(secrets)` or `list(secrets)`, with `**secrets`, or through `.items()`.

Look each one up by its name.""",
    find=_find_iterated,
    good=({"config.yaml": _DECLARED, "model/model.py": _READS},),
    bad=({"config.yaml": _DECLARED, "model/model.py": _ITERATES},),
)
