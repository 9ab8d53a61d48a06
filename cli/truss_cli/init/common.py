"""The questions of every template: each has a flag of its own on the command line."""

from truss_cli.config.schema.resources import ACCELERATORS
from truss_cli.config.schema.root import PYTHON_VERSIONS
from truss_cli.init.question import Question

PYTHONS = tuple(version for version in PYTHON_VERSIONS if version != "py39")  # which is deprecated
NO_ACCELERATOR = "none"
_NAMELESS = "my-model"


def name(default: str) -> Question:
    """Ask what the truss is called: any text that is not blank. The default is the name of its folder."""
    written = default.encode("utf-8", "backslashreplace").decode("utf-8")
    return Question(
        key="name",
        ask="Name of the truss",
        default=written if written.strip() else _NAMELESS,
        pattern=r"(?s).*\S.*",
        expects="a name",
    )


PYTHON = Question(key="python", ask="Python version", default="py312", choices=PYTHONS)

ACCELERATOR = Question(
    key="accelerator",
    ask="Accelerator",
    default=NO_ACCELERATOR,
    pattern=rf"{NO_ACCELERATOR}|(?:{'|'.join(ACCELERATORS)})(?::[1-9][0-9]?)?",
    expects=f"none, or one of {', '.join(ACCELERATORS)}, with a count if more than one, as in H100:2",
)
