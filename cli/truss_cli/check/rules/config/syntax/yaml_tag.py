"""TRS504: a YAML tag asks for a type that is not allowed."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

YAML_TAG = config_rule(
    Problem.YAML_TAG,
    code="TRS504",
    name="yaml-tag",
    summary="A YAML tag asks for a type that is not allowed",
    explanation="""\
config.yaml is read safely: tags that make Python objects, and tags of other tools such as
`!Ref`, are refused, and so is a value whose tag does not fit it.

Remove the tag. If the value is a text that starts with `!`, put it in quotes.""",
    good=(
        """\
model_name: "!important"
""",
    ),
    bad=(
        """\
model_name: !important m
""",
    ),
)
