"""TRS517: a file that is named is not uploaded."""

from truss_cli.check.rules.config.findings import config_rule
from truss_cli.config.finding import Problem

OUTSIDE = config_rule(
    Problem.OUTSIDE,
    code="TRS517",
    name="outside-truss",
    summary="A file that is named is not uploaded",
    explanation="""\
Only the folder of the truss is uploaded. A `requirements_file` outside it exists on
your machine, but not where the image is built.

Move the file into the truss.""",
    good=(
        """\
requirements_file: model/model.py
""",
    ),
    bad=(
        """\
requirements_file: ../truss/model/model.py
""",
    ),
)
