"""`truss doctor`: its options."""

from pathlib import Path
from typing import Annotated

import typer

from truss_cli.errors import ExitCode

EXAMPLES = ("truss doctor", "truss doctor my-model --secrets .env")


def doctor(
    directory: Annotated[
        Path,
        typer.Argument(metavar="DIRECTORY", help="The truss's folder.", show_default="the current folder"),
    ] = Path(),
    *,
    secrets: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Read the values of secrets from a file: YAML, JSON or dotenv."),
    ] = None,
) -> ExitCode:
    """Compare what a truss wants with what this machine has.

    Exits with 1 if `truss predict` would surely fail here. Nothing of the model is run.
    """
    from truss_cli.doctor.command import doctor as run  # noqa: PLC0415

    return run(directory, secrets)
