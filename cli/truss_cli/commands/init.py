"""`truss init`: its options."""

from typing import Annotated

import typer

from truss_cli.errors import ExitCode, TrussError


def init(  # noqa: PLR0913 - one parameter an option
    directory: Annotated[str | None, typer.Argument(help="Folder to make.", show_default=False)] = None,
    *,
    template: Annotated[
        str, typer.Option("--template", "-t", help="A template's name, or its folder.")
    ] = "basic",
    name: Annotated[str | None, typer.Option(help="The model's name. Default: the folder's.")] = None,
    python: Annotated[str | None, typer.Option(help="Python to deploy with, such as py313.")] = None,
    accelerator: Annotated[str | None, typer.Option(help="GPU to deploy on, such as L4 or H100:2.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Answer to a template's question.")
    ] = None,
    with_tests: Annotated[bool, typer.Option("--with-tests", help="Add a test of the model.")] = False,
    with_ci: Annotated[bool, typer.Option("--with-ci", help="Add a GitHub Actions workflow.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing, but show what.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Add to a folder that is not empty; replace files after asking.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the templates.")] = False,
) -> ExitCode:
    """Make a working truss from a template; never overwrites what is there."""
    from truss_cli.init import command  # noqa: PLC0415

    if list_:
        command.list_templates()
        return ExitCode.OK
    if directory is None:
        raise TrussError("no folder is given", hint="Name one: `truss init my-model`.")
    options = command.InitOptions(
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
    command.init(options)
    return ExitCode.OK
