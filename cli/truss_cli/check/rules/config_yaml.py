"""TRS501 to TRS505: a config.yaml that cannot be read."""

from truss_cli.check.config_rule import findings_of
from truss_cli.check.diagnostic import Severity
from truss_cli.check.rule import Rule, config
from truss_cli.config.finding import Problem

YAML_SYNTAX = Rule(
    code="TRS501",
    name="yaml-syntax",
    severity=Severity.ERROR,
    summary="config.yaml is not valid YAML",
    explanation="""\
The toolchain stops when it cannot parse config.yaml, so nothing is built. The usual
causes are a tab, a value that contains `: ` or starts with `*`, `@` or `%` without quotes,
and a bracket or quote that is not closed.

Mend the place that is shown; what is wrong may have begun a line or more above it.""",
    find=findings_of(Problem.YAML_SYNTAX),
    good=(
        config(
            """\
model_name: "Llama: the sequel"
"""
        ),
    ),
    bad=(
        config(
            """\
model_name: Llama: the sequel
"""
        ),
        config(
            """\
requirements: [torch, numpy
"""
        ),
    ),
)

YAML_ENCODING = Rule(
    code="TRS502",
    name="yaml-encoding",
    severity=Severity.ERROR,
    summary="config.yaml is not UTF-8 text",
    explanation="""\
The toolchain reads config.yaml as UTF-8, and YAML forbids control characters. A file in
another encoding, such as the UTF-16 that some editors on Windows write, stops it.

Save the file as UTF-8. Write a control character as an escape in double quotes: `"\\x1b"`.""",
    find=findings_of(Problem.YAML_ENCODING),
    good=(
        config(
            """\
description: "a bell: \\x07"
"""
        ),
    ),
    bad=(
        config(
            """\
description: "a bell: \x07"
"""
        ),
    ),
)

YAML_DOCUMENT = Rule(
    code="TRS503",
    name="yaml-document",
    severity=Severity.ERROR,
    summary="config.yaml is not one mapping",
    explanation="""\
config.yaml is a single mapping of keys to values. A list, a plain text, or a second
document after `---` stops the toolchain.

Write `key: value` lines, in one document.""",
    find=findings_of(Problem.YAML_DOCUMENT),
    good=(
        config(
            """\
model_name: m
"""
        ),
    ),
    bad=(
        config(
            """\
- model_name: m
"""
        ),
        config(
            """\
model_name: m
---
requirements: []
"""
        ),
    ),
)

YAML_TAG = Rule(
    code="TRS504",
    name="yaml-tag",
    severity=Severity.ERROR,
    summary="A YAML tag asks for a type that is not allowed",
    explanation="""\
config.yaml is read safely: tags that make Python objects, and tags of other tools such as
`!Ref`, are refused, and so is a value whose tag does not fit it.

Remove the tag. If the value is a text that starts with `!`, put it in quotes.""",
    find=findings_of(Problem.YAML_TAG),
    good=(
        config(
            """\
model_name: "!important"
"""
        ),
    ),
    bad=(
        config(
            """\
model_name: !important m
"""
        ),
    ),
)

YAML_UNBOUNDED = Rule(
    code="TRS505",
    name="yaml-unbounded",
    severity=Severity.ERROR,
    summary="config.yaml is endless, too deep or too large",
    explanation="""\
An alias that refers to a value it is part of has no end, and aliases of aliases can grow
to billions of values. Such a file, one with values nested beyond all use, or one that is
enormous, is not looked into further.

Write values out, and keep data in files of its own.""",
    find=findings_of(Problem.YAML_UNBOUNDED),
    good=(
        config(
            """\
model_metadata: {a: &a [1], b: *a}
"""
        ),
    ),
    bad=(
        config(
            """\
model_metadata: &a
  again: *a
"""
        ),
    ),
)
