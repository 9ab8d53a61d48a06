"""TRS519 and TRS520: what config.yaml may say, but hardly means."""

from truss_cli.check.config_rule import findings_of
from truss_cli.check.diagnostic import Severity
from truss_cli.check.rule import Rule, config
from truss_cli.config.finding import Problem

SUSPECT_VALUE = Rule(
    code="TRS519",
    name="suspect-value",
    severity=Severity.WARNING,
    summary="A value is accepted, but can hardly be meant",
    explanation="""\
The toolchain takes the value without looking closely, and the model then does not get
what it needs: no memory, no GPU, a server nobody can reach.

Write what you mean.""",
    find=findings_of(Problem.SUSPECT_VALUE),
    good=(
        config(
            """\
resources: {cpu: "2", memory: 4Gi}
"""
        ),
    ),
    bad=(
        config(
            """\
resources: {cpu: "-1", memory: Gi}
"""
        ),
        config(
            """\
resources: {use_gpu: true}
"""
        ),
    ),
)

RESERVED_VARIABLE = Rule(
    code="TRS520",
    name="reserved-variable",
    severity=Severity.WARNING,
    summary="An environment variable is set by the platform",
    explanation="""\
The platform sets `PORT` and `HOSTNAME` itself when the server starts. A value given in
`environment_variables` is overwritten.

Choose another name.""",
    find=findings_of(Problem.RESERVED_VARIABLE),
    good=(
        config(
            """\
environment_variables: {MODEL_PORT: "1"}
"""
        ),
    ),
    bad=(
        config(
            """\
environment_variables: {PORT: "1"}
"""
        ),
    ),
)
