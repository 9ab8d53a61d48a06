"""TRS113: `__init__` takes an argument by position only."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

INIT_POSITIONAL_ONLY = contract_rule(
    Kind.INIT_POSITIONAL_ONLY,
    code="TRS113",
    name="init-positional-only",
    summary="`__init__` takes an argument by position only",
    explanation="""\
The server passes `config`, `data_dir`, `secrets` and `environment` by keyword. A parameter
before a `/` cannot be passed that way, and the model cannot be created.

Remove the `/`.""",
    good=(
        """\
class Model:
    def __init__(self, config):
        self.config = config

    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def __init__(self, config, /):
        self.config = config

    def predict(self, model_input):
        return model_input
""",
    ),
)
