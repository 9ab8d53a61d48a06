"""`truss predict`: its options."""

from pathlib import Path
from typing import Annotated

import typer

from truss_cli.choices import EngineName, OnError, StatsFormat, TracebackFrames
from truss_cli.durations import parse_duration
from truss_cli.errors import ExitCode


def _parse_size(text: str) -> int:
    from truss_cli.sizes import parse_size  # noqa: PLC0415 - few runs give one

    return parse_size(text)


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
) -> ExitCode:
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
    return command.predict(options)
