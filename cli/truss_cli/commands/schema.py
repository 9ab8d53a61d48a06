"""`truss schema`: its options."""

from pathlib import Path
from typing import Annotated

import typer

from truss_cli.errors import ExitCode, TrussError

EXAMPLES = ("truss schema", "truss schema my-model --input", "truss schema --openapi > openapi.json")


def schema(
    directory: Annotated[Path, typer.Argument(help="The truss.", show_default="the current folder")] = Path(),
    *,
    input_: Annotated[bool, typer.Option("--input", help="Print the schema of the input alone.")] = False,
    output: Annotated[bool, typer.Option("--output", help="Print the schema of the output alone.")] = False,
    openapi: Annotated[
        bool, typer.Option("--openapi", help="Print an OpenAPI document of the deployed model.")
    ] = False,
) -> ExitCode:
    """Print what a model takes and gives, as JSON Schema or OpenAPI, without running its code.

    The schemas come from the annotations of the model's methods. What cannot be known is {}.
    """
    from truss_cli.check.facts.truss import TrussFacts  # noqa: PLC0415 - only this command requires it
    from truss_cli.schema.command import Part, print_schema  # noqa: PLC0415 - only this command requires it

    asked = [
        part
        for part, is_asked in ((Part.INPUT, input_), (Part.OUTPUT, output), (Part.OPENAPI, openapi))
        if is_asked
    ]
    if len(asked) > 1:
        raise TrussError("more than one of --input, --output and --openapi is given", hint="Choose one.")
    return print_schema(directory, asked[0] if asked else Part.BOTH, TrussFacts)
