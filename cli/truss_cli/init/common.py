"""The questions of every template: each has a flag of its own on the command line."""

from truss_cli.init.question import Question

PYTHONS = ("py39", "py310", "py311", "py312", "py313", "py314")
ACCELERATORS = (
    *("T4", "L4", "L40S", "A10G", "V100", "A100", "A100_40GB"),
    *("H100", "H100_40GB", "H200", "B200", "B300", "GB300", "RTX_PRO_6000"),
)
NO_ACCELERATOR = "none"


def name(default: str) -> Question:
    """Ask what the truss is called: any text that is not blank."""
    return Question(
        key="name", ask="Name of the truss", default=default, pattern=r"(?s).*\S.*", expects="a name"
    )


def python(oldest: str) -> Question:
    """Ask for the Python to deploy with, from the oldest that the template runs on."""
    choices = PYTHONS[PYTHONS.index(oldest) :]
    default = "py312" if "py312" in choices else choices[0]
    return Question(key="python", ask="Python version", default=default, choices=choices)


ACCELERATOR = Question(
    key="accelerator",
    ask="Accelerator",
    default=NO_ACCELERATOR,
    pattern=rf"{NO_ACCELERATOR}|(?:{'|'.join(ACCELERATORS)})(?::[1-9][0-9]?)?",
    expects=f"none, or one of {', '.join(ACCELERATORS)}, with a count if more than one, as in H100:2",
)
