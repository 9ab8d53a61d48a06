"""The command line: which commands there are."""

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from truss_cli import __version__
from truss_cli.garbage import resume_collection

COMMANDS = ("init", "check", "rule", "schema", "predict", "serve", "doctor", "lsp")
"""In the order that `truss --help` lists them; each is a module of `truss_cli.commands`."""


def build_app(arguments: Sequence[str]) -> typer.Typer:
    """Return the command line for these arguments: all commands, or only the one that they call.

    Building a command takes typer longer than most checks take, so the others are spared.
    """
    app = typer.Typer(
        name="truss",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(main)
    called = arguments[0] if arguments else ""
    for name in (called,) if called in COMMANDS else COMMANDS:
        module = import_module(f"truss_cli.commands.{name}")
        examples = "\n".join(f"  {example}" for example in module.EXAMPLES).replace("[", "\\[")
        app.command(epilog=f"\b\nExamples:\n{examples}")(getattr(module, name))
    return app


def _version(*, show: bool) -> None:
    if show:
        typer.echo(f"truss {__version__}")
        raise typer.Exit


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
    del version  # its callback has answered
    resume_collection()
