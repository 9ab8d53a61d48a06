"""TRS521: secrets that stand in config.yaml."""

from truss_cli.check.config_rule import findings_of
from truss_cli.check.diagnostic import Severity
from truss_cli.check.rule import Rule, config
from truss_cli.config.finding import Problem

SECRET_VALUE = Rule(
    code="TRS521",
    name="secret-value",
    severity=Severity.WARNING,
    summary="The value of a secret is written into config.yaml",
    explanation="""\
`secrets` declares names. Values are stored in the workspace, and reach the model when it
runs; one that stands in config.yaml is in version control, in the image, and with everyone
who may see them.

Write null, revoke the value, and store a new one in the workspace.""",
    find=findings_of(Problem.SECRET_VALUE),
    good=(
        config(
            """\
secrets: {hf_access_token: null, other: ENTER YOUR TOKEN}
"""
        ),
    ),
    bad=(
        config(
            """\
secrets: {hf_access_token: hf_Zk3vQ9dLw7TbYx2RmNs8Pc}
"""
        ),
    ),
)
