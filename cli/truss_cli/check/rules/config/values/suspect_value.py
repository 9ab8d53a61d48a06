"""TRS519: a value is accepted, but can hardly be meant."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

SUSPECT_VALUE = config_rule(
    Problem.SUSPECT_VALUE,
    code="TRS519",
    name="suspect-value",
    summary="A value is accepted, but is probably a mistake",
    explanation="""\
The toolchain takes the value without looking closely, and the model then does not get
what it needs: no memory, no GPU, a server nobody can reach, an environment variable whose
unquoted value YAML changes.

Write the value that is meant.""",
    good=(
        """\
resources: {cpu: "2", memory: 4Gi}
""",
    ),
    bad=(
        """\
resources: {cpu: "-1", memory: Gi}
""",
        """\
resources: {use_gpu: true}
""",
        """\
environment_variables: {CUDA_RELEASE: 12.10, MODE: 0755, USE_CACHE: yes}
""",
        """\
environment_variables: {HF_TOKEN: }
""",
    ),
)
