"""TRS515 to TRS517: files and folders that config.yaml names."""

from truss_cli.check.config_rule import findings_of
from truss_cli.check.diagnostic import Severity
from truss_cli.check.rule import Rule, config
from truss_cli.config.finding import Problem

MISSING_FILE = Rule(
    code="TRS515",
    name="missing-file",
    severity=Severity.ERROR,
    summary="A file or folder that is named does not exist",
    explanation="""\
The build reads `requirements_file` and copies the folders of `external_package_dirs`.
It fails when one of them is absent.

Paths start at the truss. Create the file or folder, or correct the path.""",
    find=findings_of(Problem.MISSING_FILE),
    good=(
        config(
            """\
external_package_dirs: [model]
"""
        ),
    ),
    bad=(
        config(
            """\
requirements_file: absent.txt
"""
        ),
        config(
            """\
external_package_dirs: [../absent]
"""
        ),
    ),
)

ABSENT_FOLDER = Rule(
    code="TRS516",
    name="absent-folder",
    severity=Severity.WARNING,
    summary="A folder that is named does not exist",
    explanation="""\
`data_dir` and `bundled_packages_dir` may be absent: the build goes on without them, and
the model does not find its files.

Create the folder, or correct the path, which starts at the truss.""",
    find=findings_of(Problem.ABSENT_FOLDER),
    good=(
        config(
            """\
data_dir: model
"""
        ),
    ),
    bad=(
        config(
            """\
data_dir: absent
"""
        ),
    ),
)

OUTSIDE = Rule(
    code="TRS517",
    name="outside-truss",
    severity=Severity.WARNING,
    summary="A file that is named is not uploaded",
    explanation="""\
Only the folder of the truss is uploaded. A `requirements_file` outside it is there on
your machine, and absent where the image is built.

Move the file into the truss.""",
    find=findings_of(Problem.OUTSIDE),
    good=(
        config(
            """\
requirements_file: model/model.py
"""
        ),
    ),
    bad=(
        config(
            """\
requirements_file: ../truss/model/model.py
"""
        ),
    ),
)
