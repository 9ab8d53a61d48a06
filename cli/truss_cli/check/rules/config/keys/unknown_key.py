"""TRS508: a key is not known."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

UNKNOWN_KEY = config_rule(
    Problem.UNKNOWN_KEY,
    code="TRS508",
    name="unknown-key",
    summary="A key is not known",
    explanation="""\
A key that the toolchain does not know is refused when the truss is pushed. Usually it is
misspelt, or in the wrong section.

Correct it as the help says. Data of your own goes under `model_metadata`.""",
    good=(
        """\
resources: {accelerator: A100}
""",
        """\
model_metadata: {owner: Ada}
""",
    ),
    bad=(
        """\
resources: {acelerator: A100}
""",
        """\
owner: Ada
""",
    ),
)
