"""TRS520: an environment variable is set by the platform."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

RESERVED_VARIABLE = config_rule(
    Problem.RESERVED_VARIABLE,
    code="TRS520",
    name="reserved-variable",
    summary="An environment variable is set by the platform",
    explanation="""\
The platform sets `PORT` and `HOSTNAME` itself when the server starts. A value given in
`environment_variables` is overwritten.

Choose another name.""",
    good=(
        """\
environment_variables: {MODEL_PORT: "1"}
""",
    ),
    bad=(
        """\
environment_variables: {PORT: "1"}
""",
    ),
)
