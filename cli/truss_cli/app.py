"""The command line: what each command takes, and which function does its work."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from truss_cli import __version__
from truss_cli.choices import EngineName, OnError, OutputFormat, StatsFormat, TracebackFrames
from truss_cli.durations import parse_duration
from truss_cli.errors import ExitCode, TrussError
from truss_cli.garbage import resume_collection

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


def _parse_size(text: str) -> int:
    from truss_cli.sizes import parse_size  # noqa: PLC0415 - few commands have sizes

    return parse_size(text)


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
    del version  # its callback has answered
    resume_collection()


@app.command()
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
    paths = tuple(arguments or [Path()])
    _exit(run(CheckOptions(paths, output_format, selection, exit_zero, tuple(exclude or ()))))


@app.command()
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
) -> None:
    """Make a working truss from a template; never overwrites what is there."""
    from truss_cli.init import command  # noqa: PLC0415

    if list_:
        command.list_templates()
        return
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


@app.command()
def predict(  # noqa: PLR0913 - one parameter an option
    directory: Annotated[Path, typer.Argument(help="The truss.")] = Path(),
    *,
    data: Annotated[
        str | None, typer.Option("--data", "-d", metavar="JSON", help="Input; else stdin.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="A file with the input.")] = None,
    example: Annotated[bool, typer.Option("--example", help="Take it from config.yaml.")] = False,
    max_input: Annotated[
        int, typer.Option(metavar="SIZE", parser=_parse_size, help="Largest input: 64Mi, 2G, or bytes.")
    ] = "1Gi",  # type: ignore[assignment]  # typer parses the default as well
    environment: Annotated[
        str | None, typer.Option(metavar="NAME", help="Simulate a deployment to this environment.")
    ] = None,
    secrets: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Secrets: YAML, JSON or dotenv.")
    ] = None,
    load_timeout: Annotated[
        float,
        typer.Option(metavar="TIME", parser=parse_duration, help="Deadline of `load`: 90, 90s, 5m, 1h30m."),
    ] = "30m",  # type: ignore[assignment]  # typer parses the default as well
    predict_timeout: Annotated[
        float | None,
        typer.Option(
            metavar="TIME", parser=parse_duration, help="Deadline of a result, or between chunks of a stream."
        ),
    ] = None,
    stats: Annotated[bool, typer.Option("--stats", help="Print times, sizes and memory to stderr.")] = False,
    stats_format: Annotated[
        StatsFormat | None, typer.Option(help="How to print them; implies --stats.")
    ] = None,
    traceback: Annotated[TracebackFrames, typer.Option(help="Whose frames to show.")] = TracebackFrames.USER,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON value a line, in and out.")] = False,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write lines there.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Resume an interrupted run.")] = False,
    on_error: Annotated[OnError, typer.Option(help="What becomes of lines that fail.")] = OnError.RECORD,
    concurrency: Annotated[
        int | None, typer.Option(min=1, help="Lines at once. Default: runtime.predict_concurrency.")
    ] = None,
    progress: Annotated[bool, typer.Option("--progress", help="Report it off a terminal too.")] = False,
    engine: Annotated[EngineName, typer.Option(help="Where lines are worked on.")] = EngineName.LOCAL,
    workers: Annotated[int, typer.Option(min=1, help="Actors of the engine ray.")] = 1,
    ray_address: Annotated[str | None, typer.Option(metavar="ADDRESS", help="A cluster.")] = None,
) -> None:
    """Load the model in this Python, read JSON and print the JSON result: of one input, or one per line."""
    from truss_cli.predict import command  # noqa: PLC0415

    options = command.PredictOptions(
        folder=directory,
        data=data,
        file=file,
        example=example,
        max_input=max_input,
        environment=environment,
        secrets=secrets,
        load_timeout=load_timeout,
        predict_timeout=predict_timeout,
        stats=stats_format or (StatsFormat.TEXT if stats else None),
        traceback=traceback,
        jsonl=jsonl,
        output=output,
        resume=resume,
        on_error=on_error,
        concurrency=concurrency,
        progress=progress,
        engine=engine,
        workers=workers,
        ray_address=ray_address,
    )
    _exit(command.predict(options))


def _exit(code: ExitCode) -> None:
    raise typer.Exit(int(code))
