"""`truss predict`: its options."""

from pathlib import Path
from typing import Annotated

import typer

from truss_cli.choices import EngineName, OnError, StatsFormat, TracebackFrames
from truss_cli.commands import require_fork
from truss_cli.commands.options import (
    EnvironmentName,
    InPlace,
    Isolated,
    IsolatedPython,
    LoadTimeout,
    Offline,
    Refresh,
    SecretsFile,
    SecretValues,
    Variables,
)
from truss_cli.errors import ExitCode, TrussError
from truss_cli.quantities import parse_duration, parse_size

_INPUT = "Input"
_LIMITS = "Time limits"
_OUTPUT = "Output"
_MANY = "Many inputs"
_RAY = "Ray"

EXAMPLES = (
    """echo '{"name": "Ada"}' | truss predict""",
    "truss predict my-model --example --stats",
    "truss predict --jsonl -f inputs.jsonl --output results.jsonl --concurrency 8",
)


def predict(  # noqa: PLR0913 - one parameter an option
    directory: Annotated[
        Path,
        typer.Argument(metavar="DIRECTORY", help="The truss's folder.", show_default="the current folder"),
    ] = Path(),
    *,
    data: Annotated[
        str | None,
        typer.Option(
            "--data",
            "-d",
            metavar="JSON",
            help="The input.",
            show_default="standard input",
            rich_help_panel=_INPUT,
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            "-f",
            metavar="FILE",
            help="Read the input from a file: JSON, or YAML by its name.",
            rich_help_panel=_INPUT,
        ),
    ] = None,
    fields: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            "-i",
            metavar="NAME=VALUE",
            help="Give one field of the input; @FILE is a file as base64. Repeatable.",
            rich_help_panel=_INPUT,
        ),
    ] = None,
    example: Annotated[
        bool,
        typer.Option("--example", help="Use the example input of config.yaml.", rich_help_panel=_INPUT),
    ] = False,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch",
            help="Run again whenever a file changes, until Ctrl-C (needs watchfiles).",
            rich_help_panel=_INPUT,
        ),
    ] = False,
    interactive: Annotated[
        bool,
        typer.Option(
            "--interactive",
            help="Keep the model loaded, and ask for inputs at a prompt.",
            rich_help_panel=_INPUT,
        ),
    ] = False,
    method: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Call an optional method: chat_completions, completions, embeddings, ...",
            rich_help_panel=_INPUT,
        ),
    ] = "predict",
    max_input: Annotated[
        int,
        typer.Option(
            metavar="SIZE",
            parser=parse_size,
            help="Refuse a larger input: bytes, or 64Mi, 2G.",
            rich_help_panel=_INPUT,
        ),
    ] = "1Gi",  # type: ignore[assignment]  # typer parses the default as well
    secrets: SecretsFile = None,
    secret_values: SecretValues = None,
    environment: EnvironmentName = None,
    variables: Variables = None,
    in_place: InPlace = False,
    isolated: Isolated = False,
    python: IsolatedPython = None,
    offline: Offline = False,
    refresh: Refresh = False,
    load_timeout: LoadTimeout = "30m",  # type: ignore[assignment]  # typer parses the default as well
    predict_timeout: Annotated[
        float | None,
        typer.Option(
            metavar="TIME",
            parser=parse_duration,
            help="Stop if a result, or the next chunk of a stream, takes longer.",
            rich_help_panel=_LIMITS,
        ),
    ] = None,
    stats: Annotated[
        bool,
        typer.Option(
            "--stats", help="Print times, sizes and memory on standard error.", rich_help_panel=_OUTPUT
        ),
    ] = False,
    stats_format: Annotated[
        StatsFormat | None,
        typer.Option(help="Choose the format of the statistics; implies --stats.", rich_help_panel=_OUTPUT),
    ] = None,
    traceback: Annotated[
        TracebackFrames,
        typer.Option(help="Show only the model's own frames of an error, or all.", rich_help_panel=_OUTPUT),
    ] = TracebackFrames.USER,
    profile: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write where the call spends its time to a text or HTML file.",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            help="Run the model in this process, so that breakpoints work; time limits do not hold.",
            rich_help_panel=_OUTPUT,
        ),
    ] = False,
    jsonl: Annotated[
        bool,
        typer.Option(
            "--jsonl",
            help="Read one JSON value a line, and print one result a line.",
            rich_help_panel=_MANY,
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the results to a file.", rich_help_panel=_MANY),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Resume an interrupted run.", rich_help_panel=_MANY),
    ] = False,
    on_error: Annotated[
        OnError,
        typer.Option(help="Record the error of a line that fails, or stop there.", rich_help_panel=_MANY),
    ] = OnError.RECORD,
    max_restarts: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="COUNT",
            help="Give up when so many restarts in a row brought no answer.",
            rich_help_panel=_MANY,
        ),
    ] = 3,
    concurrency: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="COUNT",
            help="Process so many lines at once.",
            show_default="runtime.predict_concurrency",
            rich_help_panel=_MANY,
        ),
    ] = None,
    progress: Annotated[
        bool,
        typer.Option("--progress", help="Report progress even without a terminal.", rich_help_panel=_MANY),
    ] = False,
    engine: Annotated[
        EngineName,
        typer.Option(help="Process the lines in one process, or in workers of Ray.", rich_help_panel=_RAY),
    ] = EngineName.LOCAL,
    workers: Annotated[
        int,
        typer.Option(min=1, metavar="COUNT", help="Load the model in so many workers.", rich_help_panel=_RAY),
    ] = 1,
    ray_address: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Use this cluster.",
            show_default="a Ray of its own on this machine",
            rich_help_panel=_RAY,
        ),
    ] = None,
) -> ExitCode:
    """Load the model in this Python, read JSON and print the JSON result.

    The model is loaded and called as on the server. What it prints goes to standard error.
    """
    require_fork("predict")
    if watch:
        from truss_cli.commands.watching import run_on_changes  # noqa: PLC0415

        if interactive:
            raise TrussError("--watch and --interactive are both given", hint="Choose one.")
        given = [path for path in (file, secrets) if path is not None]
        takes_input = data is None and file is None and not fields and not example
        run_on_changes([directory], also=given, without=output, takes_input=takes_input)
    from truss_cli.predict import command  # noqa: PLC0415

    options = command.PredictOptions(
        folder=directory,
        data=data,
        file=file,
        fields=tuple(fields or ()),
        example=example,
        interactive=interactive,
        method=method,
        max_input=max_input,
        environment=environment,
        variables=tuple(variables or ()),
        in_place=in_place,
        secrets=secrets,
        secret_values=tuple(secret_values or ()),
        load_timeout=load_timeout,
        predict_timeout=predict_timeout,
        stats=stats_format or (StatsFormat.TEXT if stats else None),
        traceback=traceback,
        profile=profile,
        debug=debug,
        jsonl=jsonl,
        output=output,
        resume=resume,
        on_error=on_error,
        max_restarts=max_restarts,
        concurrency=concurrency,
        progress=progress,
        engine=engine,
        workers=workers,
        ray_address=ray_address,
        isolated=isolated,
        isolation=command.Isolation(offline, refresh, python),
    )
    return command.predict(options)
