"""TRS503: config.yaml is not one mapping."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

YAML_DOCUMENT = config_rule(
    Problem.YAML_DOCUMENT,
    code="TRS503",
    name="yaml-document",
    summary="config.yaml is not one mapping",
    explanation="""\
config.yaml is a single mapping of keys to values. A list, a plain text, or a second
document after `---` stops the toolchain.

Write `key: value` lines, in one document.""",
    good=(
        """\
model_name: m
""",
    ),
    bad=(
        """\
- model_name: m
""",
        """\
model_name: m
---
requirements: []
""",
    ),
)
