"""TRS505: config.yaml is endless, too deep or too large."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

YAML_UNBOUNDED = config_rule(
    Problem.YAML_UNBOUNDED,
    code="TRS505",
    name="yaml-unbounded",
    summary="config.yaml is endless, too deep or too large",
    explanation="""\
An alias that refers to a value it is part of has no end, and aliases of aliases can grow
to billions of values. Such a file, one that is nested extremely deeply, or one that is
enormous, is not examined further.

Write the values out, and keep data in separate files.""",
    good=(
        """\
model_metadata: {a: &a [1], b: *a}
""",
    ),
    bad=(
        """\
model_metadata: &a
  again: *a
""",
    ),
)
