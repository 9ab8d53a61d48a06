"""TRS511: a value has the wrong type."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

WRONG_TYPE = config_rule(
    Problem.WRONG_TYPE,
    code="TRS511",
    name="wrong-type",
    summary="A value has the wrong type",
    explanation="""\
Each key takes one type of value. The usual mistake is a number where a string is meant:
YAML reads `cpu: 4`, `python_version: 3.11` and `spec_version: 2.0` as numbers. Another is
a key without a value, which is null: most lists and sections may not be null.

Put the value in quotes, write a list as `[a]`, or remove an empty key.""",
    good=(
        """\
resources: {cpu: "4"}
""",
        """\
requirements: []
""",
    ),
    bad=(
        """\
resources: {cpu: 4}
""",
        """\
requirements:
""",
    ),
)
