"""TRS602: no version of a required package fits."""

from truss_cli.check.rules.requirements.resolved import resolved_rule

_HELP = "Ask for a version that exists, and that agrees with the other requirements."

UNMET_REQUIREMENT = resolved_rule(
    {
        "no-version": ("cannot be met", _HELP),
        "others": ("cannot be met beside the other requirements", _HELP),
    },
    code="TRS602",
    name="unmet-requirement",
    summary="No version of a required package fits",
    explanation="""\
There is no such version of the package, or each one excludes another requirement of the
truss, and the build fails.

Ask for a version that exists, and widen pins that exclude each other.""",
    good=("requirements: ['example-library>=1']\n",),
    bad=(
        "requirements: ['example-library==99']\n",
        "requirements: ['example-library==1.0', 'example-plugin==2.0']\n",
    ),
)
