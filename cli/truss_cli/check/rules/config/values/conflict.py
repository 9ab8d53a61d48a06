"""TRS513: keys contradict each other."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

CONFLICT = config_rule(
    Problem.CONFLICT,
    code="TRS513",
    name="conflict",
    summary="Keys contradict each other",
    explanation="""\
Some keys exclude each other, such as `requirements` and `requirements_file`, and some
values need another, such as a quantisation that needs a newer accelerator. The toolchain
refuses the config.

Remove one of them, or make them agree.""",
    good=(
        """\
requirements: [torch]
""",
    ),
    bad=(
        """\
requirements: [torch]
requirements_file: requirements.txt
""",
    ),
)
