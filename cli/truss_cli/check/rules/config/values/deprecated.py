"""TRS518: keys and values of config.yaml that will be refused one day."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

DEPRECATED = config_rule(
    Problem.DEPRECATED,
    code="TRS518",
    name="deprecated",
    summary="A key or value is deprecated",
    explanation="""\
The key or value still works, but has a successor, and a later release may refuse it.

Write the successor that the help names.""",
    good=(
        """\
runtime: {transport: {kind: websocket}}
""",
    ),
    bad=(
        """\
runtime: {is_websocket_endpoint: true}
""",
    ),
)
