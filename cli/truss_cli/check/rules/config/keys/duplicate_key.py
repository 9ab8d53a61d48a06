"""TRS506: a key is given twice."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

DUPLICATE_KEY = config_rule(
    Problem.DUPLICATE_KEY,
    code="TRS506",
    name="duplicate-key",
    summary="A key is given twice",
    explanation="""\
When a key is given twice in one mapping, only the last value counts; the others are
silently lost.

Remove all but one.""",
    good=(
        """\
resources:
  cpu: "1"
  memory: 2Gi
""",
    ),
    bad=(
        """\
resources:
  cpu: "1"
  cpu: "2"
""",
    ),
)
