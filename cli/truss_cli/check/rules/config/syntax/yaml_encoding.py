"""TRS502: config.yaml is not UTF-8 text."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

YAML_ENCODING = config_rule(
    Problem.YAML_ENCODING,
    code="TRS502",
    name="yaml-encoding",
    summary="config.yaml is not UTF-8 text",
    explanation="""\
The toolchain reads config.yaml as UTF-8, and YAML forbids control characters. A file in
another encoding, such as the UTF-16 that some editors on Windows write, stops it.

Save the file as UTF-8. Write a control character as an escape in double quotes: `"\\x1b"`.""",
    good=(
        """\
description: "a bell: \\x07"
""",
    ),
    bad=('description: "a bell: \x07"\n',),
)
