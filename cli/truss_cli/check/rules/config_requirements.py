"""TRS514: Python requirements of config.yaml."""

from truss_cli.check.config_rule import findings_of
from truss_cli.check.diagnostic import Severity
from truss_cli.check.rule import Rule, config
from truss_cli.config.finding import Problem

REQUIREMENT = Rule(
    code="TRS514",
    name="invalid-requirement",
    severity=Severity.WARNING,
    summary="A Python requirement cannot be read",
    explanation="""\
Items of `requirements` are given to pip. One that is not a requirement specifier
(PEP 508), such as `torch=2.1`, passes the upload and fails the build minutes later.

Write a name, extras in brackets, and versions: `transformers[torch]>=4.40,<5`.""",
    find=findings_of(Problem.REQUIREMENT),
    good=(
        config(
            """\
requirements: [torch==2.1, "git+https://github.com/psf/requests"]
"""
        ),
    ),
    bad=(
        config(
            """\
requirements: [torch=2.1]
"""
        ),
    ),
)
