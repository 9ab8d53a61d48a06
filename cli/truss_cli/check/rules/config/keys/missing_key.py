"""TRS510: a key that is needed is missing."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

MISSING_KEY = config_rule(
    Problem.MISSING_KEY,
    code="TRS510",
    name="missing-key",
    summary="A key that is needed is missing",
    explanation="""\
Some sections require certain keys, or require them once another key is set.
The toolchain refuses the config without them.

Add the key.""",
    good=(
        """\
external_data:
- url: https://example.com/vocabulary.txt
  local_data_path: vocabulary.txt
""",
    ),
    bad=(
        """\
external_data:
- url: https://example.com/vocabulary.txt
""",
    ),
)
