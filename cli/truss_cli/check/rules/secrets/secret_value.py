"""TRS521: secrets that stand in config.yaml."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

SECRET_VALUE = config_rule(
    Problem.SECRET_VALUE,
    code="TRS521",
    name="secret-value",
    summary="The value of a secret is written into config.yaml",
    explanation="""\
`secrets` declares names. Values are stored in the workspace, and reach the model when it
runs; one that stands in config.yaml is in version control, in the image, and with everyone
who may see them.

Write null, revoke the value, and store a new one in the workspace.""",
    good=(
        """\
secrets: {hf_access_token: null, other: ENTER YOUR TOKEN}
""",
    ),
    bad=(
        """\
secrets: {hf_access_token: hf_Zk3vQ9dLw7TbYx2RmNs8Pc}
""",
    ),
)
