"""TRS506 to TRS510: keys of config.yaml that are repeated, unknown or absent."""

from truss_cli.check.config_rule import findings_of
from truss_cli.check.diagnostic import Severity
from truss_cli.check.rule import Rule, config
from truss_cli.config.finding import Problem

DUPLICATE_KEY = Rule(
    code="TRS506",
    name="duplicate-key",
    severity=Severity.WARNING,
    summary="A key is given twice",
    explanation="""\
Of a key that is given twice in one mapping only the last value counts; the others are
silently lost.

Remove all but one.""",
    find=findings_of(Problem.DUPLICATE_KEY),
    good=(
        config(
            """\
resources:
  cpu: "1"
  memory: 2Gi
"""
        ),
    ),
    bad=(
        config(
            """\
resources:
  cpu: "1"
  cpu: "2"
"""
        ),
    ),
)

KEY_TYPE = Rule(
    code="TRS507",
    name="key-type",
    severity=Severity.ERROR,
    summary="A key is not a string",
    explanation="""\
Keys of config.yaml are strings. YAML reads an unquoted `on`, `yes`, `1` or `null` as a
boolean, a number or null, and the toolchain refuses it as a key.

Put the key in quotes.""",
    find=findings_of(Problem.KEY_TYPE),
    good=(
        config(
            """\
environment_variables: {"1": a}
"""
        ),
    ),
    bad=(
        config(
            """\
environment_variables: {1: a}
"""
        ),
    ),
)

UNKNOWN_KEY = Rule(
    code="TRS508",
    name="unknown-key",
    severity=Severity.ERROR,
    summary="A key is not known",
    explanation="""\
A key that the toolchain does not know is refused when the truss is pushed. Mostly it is a
slip of the pen, or stands in the wrong section.

Correct it as the help says. Data of your own goes under `model_metadata`.""",
    find=findings_of(Problem.UNKNOWN_KEY),
    good=(
        config(
            """\
resources: {accelerator: A100}
"""
        ),
        config(
            """\
model_metadata: {owner: Ada}
"""
        ),
    ),
    bad=(
        config(
            """\
resources: {acelerator: A100}
"""
        ),
        config(
            """\
owner: Ada
"""
        ),
    ),
)

IGNORED_KEY = Rule(
    code="TRS509",
    name="ignored-key",
    severity=Severity.WARNING,
    summary="A key is not known, and may have no effect",
    explanation="""\
In a few sections unknown keys are let through: most have no effect at all.

Correct or remove the key, unless you know that it is read.""",
    find=findings_of(Problem.IGNORED_KEY),
    good=(
        config(
            """\
runtime: {transport: {kind: websocket, ping_timeout_seconds: 5}}
"""
        ),
    ),
    bad=(
        config(
            """\
runtime: {transport: {kind: websocket, ping_timout_seconds: 5}}
"""
        ),
    ),
)

MISSING_KEY = Rule(
    code="TRS510",
    name="missing-key",
    severity=Severity.ERROR,
    summary="A key that is needed is missing",
    explanation="""\
Some sections cannot do without certain keys, or need them once another key is set.
The toolchain refuses the config without them.

Add the key.""",
    find=findings_of(Problem.MISSING_KEY),
    good=(
        config(
            """\
external_data:
- url: https://example.com/vocabulary.txt
  local_data_path: vocabulary.txt
"""
        ),
    ),
    bad=(
        config(
            """\
external_data:
- url: https://example.com/vocabulary.txt
"""
        ),
    ),
)
