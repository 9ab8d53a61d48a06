"""TRS515: a file or folder that is named does not exist."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

MISSING_FILE = config_rule(
    Problem.MISSING_FILE,
    code="TRS515",
    name="missing-file",
    summary="A file or folder that is named does not exist",
    explanation="""\
The build reads `requirements_file` and copies the folders of `external_package_dirs`.
It fails when one of them is absent.

Paths start at the truss. Create the file or folder, or correct the path.""",
    good=(
        """\
external_package_dirs: [model]
""",
    ),
    bad=(
        """\
requirements_file: absent.txt
""",
        """\
external_package_dirs: [../absent]
""",
    ),
)
