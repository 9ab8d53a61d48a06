"""TRS111: `setup_environment` cannot be called with the environment alone."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

SETUP_ENVIRONMENT_ARGUMENTS = contract_rule(
    Kind.SETUP_ENVIRONMENT_ARGUMENTS,
    code="TRS111",
    name="setup-environment-arguments",
    summary="`setup_environment` cannot be called with the environment alone",
    explanation="""\
When the model is deployed to an environment, the server calls `setup_environment` with
it: one argument. Where it takes none, or needs two, the model loads outside
environments, and fails in one.

Write `def setup_environment(self, environment)`.""",
    good=(
        """\
class Model:
    def setup_environment(self, environment):
        self.environment = environment

    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def setup_environment(self):
        pass

    def predict(self, model_input):
        return model_input
""",
    ),
)
