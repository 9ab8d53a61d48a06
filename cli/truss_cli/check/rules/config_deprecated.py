"""TRS518: keys and values of config.yaml that will be refused one day."""

from truss_cli.check.config_rule import findings_of
from truss_cli.check.diagnostic import Severity
from truss_cli.check.rule import Rule, config
from truss_cli.config.finding import Problem

DEPRECATED = Rule(
    code="TRS518",
    name="deprecated",
    severity=Severity.WARNING,
    summary="A key or value is deprecated",
    explanation="""\
The key or value still works, but has a successor, and a later release may refuse it.

Write the successor that the help names.""",
    find=findings_of(Problem.DEPRECATED),
    good=(
        config(
            """\
runtime: {transport: {kind: websocket}}
"""
        ),
    ),
    bad=(
        config(
            """\
runtime: {is_websocket_endpoint: true}
"""
        ),
    ),
)
