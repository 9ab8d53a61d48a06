"""`truss init`: its options."""

from typing import Annotated

import typer

from truss_cli.commands.completion import complete_template
from truss_cli.errors import ExitCode

_CONTENT = "What is written"
_WRITING = "How it is written"

EXAMPLES = (
    "truss init my-model",
    "truss init my-model --template streaming --set style=async --with-tests",
    "truss init --list",
)


def init(  # noqa: PLR0913 - one parameter an option
    directory: Annotated[
        str | None, typer.Argument(metavar="DIRECTORY", help="The folder to make.", show_default=False)
    ] = None,
    *,
    template: Annotated[
        str | None,
        typer.Option(
            "--template",
            "-t",
            metavar="TEMPLATE",
            autocompletion=complete_template,
            help="The name of a template, a folder that holds one, or a git repository.",
            show_default="basic",
            rich_help_panel=_CONTENT,
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="The model's name.",
            show_default="the folder's name",
            rich_help_panel=_CONTENT,
        ),
    ] = None,
    python: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION",
            help="The Python version to deploy with, such as 3.13.",
            rich_help_panel=_CONTENT,
        ),
    ] = None,
    accelerator: Annotated[
        str | None,
        typer.Option(
            metavar="GPU", help="The GPU to deploy on, such as L4 or H100:2.", rich_help_panel=_CONTENT
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Answer a question of the template. Repeatable.",
            rich_help_panel=_CONTENT,
        ),
    ] = None,
    with_tests: Annotated[
        bool | None,
        typer.Option("--with-tests/--no-tests", help="Add a test of the model.", rich_help_panel=_CONTENT),
    ] = None,
    with_ci: Annotated[
        bool | None,
        typer.Option("--with-ci/--no-ci", help="Add a GitHub Actions workflow.", rich_help_panel=_CONTENT),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Show what would be written, and write nothing.", rich_help_panel=_WRITING
        ),
    ] = False,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Write into a folder that is not empty; ask before replacing files.",
            rich_help_panel=_WRITING,
        ),
    ] = False,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes", "-y", help="Ask no questions, and take the defaults.", rich_help_panel=_WRITING
        ),
    ] = False,
    update: Annotated[
        bool,
        typer.Option(
            "--update",
            help="Merge what is new in the template into a truss made from it.",
            rich_help_panel=_WRITING,
        ),
    ] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the templates and exit.")] = False,
) -> ExitCode:
    """Make a working truss from a template.

    On a terminal, asks for what is not given. Overwrites no file that you have not agreed
    to, and leaves nothing behind if it fails.
    """
    from truss_cli.init import command  # noqa: PLC0415
    from truss_cli.init.options import InitOptions  # noqa: PLC0415

    if list_:
        command.list_templates()
        return ExitCode.OK
    options = InitOptions(
        directory=directory,
        template=template,
        name=name,
        python=python,
        accelerator=accelerator,
        settings=tuple(settings or ()),
        with_tests=with_tests,
        with_ci=with_ci,
        dry_run=dry_run,
        force=force,
        yes=yes,
    )
    if update:
        from truss_cli.init.update.command import update as run_update  # noqa: PLC0415

        return run_update(options)
    command.init(options)
    return ExitCode.OK
