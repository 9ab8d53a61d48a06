"""TRS516: a folder that is named does not exist."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

ABSENT_FOLDER = config_rule(
    Problem.ABSENT_FOLDER,
    code="TRS516",
    name="absent-folder",
    summary="A folder that is named does not exist",
    explanation="""\
`data_dir` and `bundled_packages_dir` may be absent: the build goes on without them, and
the model does not find its files.

Create the folder, or correct the path, which starts at the truss.""",
    good=(
        """\
data_dir: model
""",
    ),
    bad=(
        """\
data_dir: absent
""",
    ),
)
