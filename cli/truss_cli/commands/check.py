"""`truss check`: its options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from truss_cli.choices import OutputFormat
from truss_cli.errors import ExitCode


def check(  # noqa: PLR0913 - one parameter an option
    arguments: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATHS]...", help="Trusses, folders to search, or files. Default: here."),
    ] = None,
    *,
    output_format: Annotated[OutputFormat, typer.Option(help="How to report.")] = OutputFormat.TEXT,
    select: Annotated[
        list[str] | None, typer.Option(help="Only these rules: codes, prefixes or names.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="All but these rules.")] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN", help="Folders not to search for trusses.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Warnings fail too, and opt-in rules run.")
    ] = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 whatever is found.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Explain the rules given instead of paths, or list all.")
    ] = False,
    config_schema: Annotated[
        bool, typer.Option("--config-schema", help="Print the JSON Schema of config.yaml, for editors.")
    ] = False,
) -> ExitCode:
    """Validate the Model contract, return annotations and config.yaml, without running any of it."""
    if explain:
        from truss_cli.check.explain import explain as explain_rules  # noqa: PLC0415 - as all imports of a command's own
        from truss_cli.check.explain import list_rules  # noqa: PLC0415

        sys.stdout.write(explain_rules([str(code) for code in arguments]) if arguments else list_rules())
        return ExitCode.OK
    if config_schema:
        import json  # noqa: PLC0415

        from truss_cli.config.json_schema import config_json_schema  # noqa: PLC0415

        sys.stdout.write(json.dumps(config_json_schema(), indent=2) + "\n")
        return ExitCode.OK
    from truss_cli.check.command import CheckOptions  # noqa: PLC0415
    from truss_cli.check.command import check as run  # noqa: PLC0415
    from truss_cli.check.selection import Selection, split_codes  # noqa: PLC0415

    selection = Selection(split_codes(select or ()), split_codes(ignore or ()), strict)
    paths = tuple(arguments or [Path()])
    return run(CheckOptions(paths, output_format, selection, exit_zero, tuple(exclude or ())))
