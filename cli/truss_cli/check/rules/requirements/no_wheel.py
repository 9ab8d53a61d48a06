"""TRS604: a required package is not there for the Python of the truss."""

from truss_cli.check.rules.requirements.resolved import resolved_rule

NO_WHEEL = resolved_rule(
    {
        "no-wheel": (
            "cannot be installed on the server's Python or platform",
            "Choose another version, or another `python_version`.",
        )
    },
    code="TRS604",
    name="no-wheel",
    summary="A required package is not there for the Python of the truss",
    explanation="""\
The versions that are asked for have no file for the Python that config.yaml names (3.13
if it names none) on Linux x86-64, and no source that could be built. The build fails.

Choose a version that supports this Python, or another `python_version`.""",
    good=("python_version: py311\nrequirements: [example-compiled]\n",),
    bad=("python_version: py313\nrequirements: [example-compiled]\n",),
)
