"""TRS512: a value is not allowed."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

BAD_VALUE = config_rule(
    Problem.BAD_VALUE,
    code="TRS512",
    name="bad-value",
    summary="A value is not allowed",
    explanation="""\
The value has the right type, but is none of those that the key takes, or is written in a
form that cannot be read: a memory of `16GB`, an accelerator `a100`, a path that must be
absolute and is not.

Write it as the help says.""",
    good=(
        """\
resources: {memory: 16Gi, accelerator: A100}
""",
    ),
    bad=(
        """\
resources: {memory: 16GB, accelerator: a100}
""",
    ),
)
