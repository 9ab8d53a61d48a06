"""`truss doctor`: its options."""

from pathlib import Path
from typing import Annotated

import typer

from truss_cli.commands.options import SecretsFile, SecretValues, Variables
from truss_cli.errors import ExitCode

EXAMPLES = ("truss doctor", "truss doctor my-model --secrets .env", "truss doctor --files")


def doctor(
    directory: Annotated[
        Path,
        typer.Argument(metavar="DIRECTORY", help="The truss's folder.", show_default="the current folder"),
    ] = Path(),
    *,
    files: Annotated[
        bool,
        typer.Option("--files", help="List the files that the image has, and why it lacks others."),
    ] = False,
    secrets: SecretsFile = None,
    secret_values: SecretValues = None,
    variables: Variables = None,
) -> ExitCode:
    """Compare the requirements of a truss with this machine.

    Exits with 1 if `truss predict` would fail here. Nothing of the model is run.
    """
    from truss_cli.doctor.command import DoctorOptions  # noqa: PLC0415
    from truss_cli.doctor.command import doctor as run  # noqa: PLC0415

    return run(
        DoctorOptions(
            folder=directory,
            secrets=secrets,
            secret_values=tuple(secret_values or ()),
            variables=tuple(variables or ()),
            files=files,
        )
    )
