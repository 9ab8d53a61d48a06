"""The command line: what each command takes, and which function does its work."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from truss_cli import __version__
from truss_cli.errors import ExitCode

app = typer.Typer(
    name="truss",
    help="Scaffold, validate and run trusses on your own machine and in CI.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(*, show: bool) -> None:
    if show:
        typer.echo(f"truss {__version__}")
        raise typer.Exit


@app.callback()
def main(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=lambda value: _version(show=value), is_eager=True, help="Show the version."
        ),
    ] = False,
) -> None:
    """Scaffold, validate and run trusses on your own machine and in CI."""


@app.command()
def check(  # noqa: PLR0913 - one parameter an option
    arguments: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATHS]...", help="Trusses, or folders that hold some. Default: here."),
    ] = None,
    *,
    output_format: Annotated[
        str, typer.Option(help="text, concise, json, github or sarif.", metavar="FORMAT")
    ] = "text",
    select: Annotated[
        list[str] | None, typer.Option(help="Only these rules: codes, prefixes or names.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="All but these rules.")] = None,
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
) -> None:
    """Validate the Model contract, return annotations and config.yaml, without running any of it."""
    if explain:
        from truss_cli.check.explain import explain as explain_rules  # noqa: PLC0415 - as all imports of a command's own
        from truss_cli.check.explain import list_rules  # noqa: PLC0415

        sys.stdout.write(explain_rules([str(code) for code in arguments]) if arguments else list_rules())
        return
    if config_schema:
        import json  # noqa: PLC0415

        from truss_cli.config.json_schema import config_json_schema  # noqa: PLC0415

        sys.stdout.write(json.dumps(config_json_schema(), indent=2) + "\n")
        return
    from truss_cli.check.command import CheckOptions  # noqa: PLC0415
    from truss_cli.check.command import check as run  # noqa: PLC0415
    from truss_cli.check.selection import Selection, split_codes  # noqa: PLC0415

    selection = Selection(split_codes(select or ()), split_codes(ignore or ()), strict)
    _exit(run(CheckOptions(tuple(arguments or [Path()]), output_format, selection, exit_zero)))


def _exit(code: ExitCode) -> None:
    raise typer.Exit(int(code))
