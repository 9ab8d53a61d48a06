"""TRS501: config.yaml is not valid YAML."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

YAML_SYNTAX = config_rule(
    Problem.YAML_SYNTAX,
    code="TRS501",
    name="yaml-syntax",
    summary="config.yaml is not valid YAML",
    explanation="""\
The toolchain stops when it cannot parse config.yaml, so nothing is built. The usual
causes are a tab, a value that contains `: ` or starts with `*`, `@` or `%` without quotes,
and a bracket or quote that is not closed.

Correct the place that is shown; the mistake may be a line or more above it.""",
    good=(
        """\
model_name: "Llama: the sequel"
""",
    ),
    bad=(
        """\
model_name: Llama: the sequel
""",
        """\
requirements: [torch, numpy
""",
    ),
)
