"""TRS601: a required package does not exist."""

from truss_cli.check.rules.requirements.resolved import resolved_rule

ABSENT_REQUIREMENT = resolved_rule(
    {"absent": ("does not exist", "Correct the name; that of a package may differ from that of its module.")},
    code="TRS601",
    name="absent-requirement",
    summary="A required package does not exist",
    explanation="""\
No index that the build looks in has a package of this name, and the build fails. Often the
name of the module was written: `cv2` comes from `opencv-python`, `PIL` from `pillow`.

Correct the name, or name the index that has it with `--extra-index-url`.""",
    good=("requirements: [example-library]\n",),
    bad=("requirements: [example-librari]\n",),
)
