"""TRS511 to TRS513: values of config.yaml that are refused."""

from truss_cli.check.config_rule import findings_of
from truss_cli.check.diagnostic import Severity
from truss_cli.check.rule import Rule, config
from truss_cli.config.finding import Problem

WRONG_TYPE = Rule(
    code="TRS511",
    name="wrong-type",
    severity=Severity.ERROR,
    summary="A value has the wrong type",
    explanation="""\
Each key takes one type of value. The usual slip is a number where a string is meant:
YAML reads `cpu: 4`, `python_version: 3.11` and `spec_version: 2.0` as numbers. Another is
a key with nothing behind it, which is null: most lists and sections may not be null.

Put the value in quotes, write a list as `[a]`, or remove an empty key.""",
    find=findings_of(Problem.WRONG_TYPE),
    good=(
        config(
            """\
resources: {cpu: "4"}
"""
        ),
        config(
            """\
requirements: []
"""
        ),
    ),
    bad=(
        config(
            """\
resources: {cpu: 4}
"""
        ),
        config(
            """\
requirements:
"""
        ),
    ),
)

BAD_VALUE = Rule(
    code="TRS512",
    name="bad-value",
    severity=Severity.ERROR,
    summary="A value is not allowed",
    explanation="""\
The value has the right type, but is none of those that the key takes, or is written in a
form that cannot be read: a memory of `16GB`, an accelerator `a100`, a path that must be
absolute and is not.

Write it as the help says.""",
    find=findings_of(Problem.BAD_VALUE),
    good=(
        config(
            """\
resources: {memory: 16Gi, accelerator: A100}
"""
        ),
    ),
    bad=(
        config(
            """\
resources: {memory: 16GB, accelerator: a100}
"""
        ),
    ),
)

CONFLICT = Rule(
    code="TRS513",
    name="conflict",
    severity=Severity.ERROR,
    summary="Keys contradict each other",
    explanation="""\
Some keys exclude each other, such as `requirements` and `requirements_file`, and some
values need another, such as a quantisation that needs a newer accelerator. The toolchain
refuses the config.

Remove one of them, or make them agree.""",
    find=findings_of(Problem.CONFLICT),
    good=(
        config(
            """\
requirements: [torch]
"""
        ),
    ),
    bad=(
        config(
            """\
requirements: [torch]
requirements_file: requirements.txt
"""
        ),
    ),
)
