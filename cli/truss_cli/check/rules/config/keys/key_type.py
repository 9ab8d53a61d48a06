"""TRS507: a key is not a string."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

KEY_TYPE = config_rule(
    Problem.KEY_TYPE,
    code="TRS507",
    name="key-type",
    summary="A key is not a string",
    explanation="""\
Keys of config.yaml are strings. YAML reads an unquoted `on`, `yes`, `1` or `null` as a
boolean, a number or null, and the toolchain refuses it as a key.

Put the key in quotes.""",
    good=(
        """\
environment_variables: {"1": a}
""",
    ),
    bad=(
        """\
environment_variables: {1: a}
""",
    ),
)
