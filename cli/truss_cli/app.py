"""The command line: what each command takes, and which function does its work."""

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from truss_cli import __version__
from truss_cli.errors import ExitCode, TrussError

_STATS = ("text", "json")

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
    del version  # its callback has answered
    gc.freeze()  # what has been imported by now need not be looked through, not even at exit
    gc.enable()


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
    environment: Annotated[str | None, typer.Option(metavar="NAME", help="Run as in it.")] = None,
    secrets: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Secrets: YAML, JSON or dotenv.")
    ] = None,
    load_timeout: Annotated[str, typer.Option(metavar="TIME", help="For `load`: 90, 90s, 5m, 1h.")] = "30m",
    predict_timeout: Annotated[
        str | None, typer.Option(metavar="TIME", help="For a result, or from chunk to chunk of a stream.")
    ] = None,
    stats: Annotated[str | None, typer.Option(metavar="[text|json]", help="Print times and sizes.")] = None,
    traceback: Annotated[str, typer.Option(metavar="user|full", help="Whose frames to show.")] = "user",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON value a line, in and out.")] = False,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write lines there.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where --output ends.")] = False,
    on_error: Annotated[str, typer.Option(metavar="record|stop", help="For lines that fail.")] = "record",
    concurrency: Annotated[
        int | None, typer.Option(min=1, help="Lines at once. Default: runtime.predict_concurrency.")
    ] = None,
    progress: Annotated[bool, typer.Option("--progress", help="Report it off a terminal too.")] = False,
    engine: Annotated[str, typer.Option(metavar="local|ray", help="Where lines are worked on.")] = "local",
    workers: Annotated[int, typer.Option(min=1, help="Actors of the engine ray.")] = 1,
    ray_address: Annotated[str | None, typer.Option(metavar="ADDRESS", help="A cluster.")] = None,
) -> None:
    """Load the model in this environment, and answer JSON with JSON: one input, or one a line."""
    from truss_cli.durations import parse_duration  # noqa: PLC0415
    from truss_cli.predict import command  # noqa: PLC0415
    from truss_cli.predict.options import parse_engine, parse_on_error  # noqa: PLC0415

    options = command.PredictOptions(
        folder=directory,
        data=data,
        file=file,
        example=example,
        environment=environment,
        secrets=secrets,
        load_timeout=parse_duration(load_timeout),
        predict_timeout=None if predict_timeout is None else parse_duration(predict_timeout),
        stats=command.parse_stats(stats),
        traceback=command.parse_traceback(traceback),
        jsonl=jsonl,
        output=output,
        resume=resume,
        on_error=parse_on_error(on_error),
        concurrency=concurrency,
        progress=progress,
        engine=parse_engine(engine),
        workers=workers,
        ray_address=ray_address,
    )
    _exit(command.predict(options))


def _exit(code: ExitCode) -> None:
    raise typer.Exit(int(code))


def with_optional_values(arguments: list[str]) -> list[str]:
    """Return `--stats` its default where no value follows it, which typer cannot."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    bare = [
        index for index, (option, value) in enumerate(pairs) if option == "--stats" and value not in _STATS
    ]
    return [
        part
        for i, option in enumerate(arguments)
        for part in ((option, _STATS[0]) if i in bare else (option,))
    ]
