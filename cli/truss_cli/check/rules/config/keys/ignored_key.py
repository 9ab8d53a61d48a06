"""TRS509: a key is not known, and may have no effect."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

IGNORED_KEY = config_rule(
    Problem.IGNORED_KEY,
    code="TRS509",
    name="ignored-key",
    summary="A key is not known, and may have no effect",
    explanation="""\
In a few sections unknown keys are accepted, and most have no effect at all.

Correct or remove the key, unless you know that it is read.""",
    good=(
        """\
runtime: {transport: {kind: websocket, ping_timeout_seconds: 5}}
""",
    ),
    bad=(
        """\
runtime: {transport: {kind: websocket, ping_timout_seconds: 5}}
""",
    ),
)
