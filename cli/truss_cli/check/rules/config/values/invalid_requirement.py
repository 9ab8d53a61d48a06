"""TRS514: Python requirements of config.yaml."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

REQUIREMENT = config_rule(
    Problem.REQUIREMENT,
    code="TRS514",
    name="invalid-requirement",
    summary="A Python requirement cannot be read",
    explanation="""\
Items of `requirements` are given to pip. One that is not a requirement specifier
(PEP 508), such as `torch=2.1`, passes the upload and fails the build minutes later.

Write a name, extras in brackets, and versions: `transformers[torch]>=4.40,<5`.""",
    good=(
        """\
requirements: [torch==2.1, "git+https://github.com/psf/requests"]
""",
    ),
    bad=(
        """\
requirements: [torch=2.1]
""",
    ),
)
