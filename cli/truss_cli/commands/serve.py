"""`truss serve`: its options."""

from pathlib import Path
from typing import Annotated

import typer

from truss_cli.choices import LogFormat
from truss_cli.commands import require_fork
from truss_cli.errors import ExitCode
from truss_cli.quantities import parse_duration, parse_size

_ENVIRONMENT = "Secrets and environment"
_LIMITS = "Limits"
_ISOLATED = "An environment of its own"

EXAMPLES = (
    "truss serve",
    "truss serve my-model --reload",
    "truss serve --port 0 --log json",
)


def serve(  # noqa: PLR0913 - one parameter an option
    directory: Annotated[
        Path,
        typer.Argument(metavar="DIRECTORY", help="The truss's folder.", show_default="the current folder"),
    ] = Path(),
    *,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Listen there; others can reach what is not local.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", "-p", min=0, max=65535, help="Listen there; 0: on one that is free.")
    ] = 8080,
    reload: Annotated[
        bool,
        typer.Option("--reload", help="On a change of config.yaml or the code, load the model anew."),
    ] = False,
    log: Annotated[LogFormat, typer.Option(help="Choose the format of the log.")] = LogFormat.TEXT,
    secrets: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Read the values of secrets from a file: YAML, JSON or dotenv.",
            rich_help_panel=_ENVIRONMENT,
        ),
    ] = None,
    secret_values: Annotated[
        list[str] | None,
        typer.Option(
            "--secret",
            metavar="NAME=VALUE",
            help="Give the value of a secret; NAME=- reads it from standard input. Repeatable.",
            rich_help_panel=_ENVIRONMENT,
        ),
    ] = None,
    environment: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Simulate a deployment to this environment.",
            rich_help_panel=_ENVIRONMENT,
        ),
    ] = None,
    isolated: Annotated[
        bool,
        typer.Option(
            "--isolated",
            help="Serve from an environment that config.yaml asks for, with the server's requirements.",
            rich_help_panel=_ISOLATED,
        ),
    ] = False,
    python: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION",
            help="Use another Python than config.yaml names: a version or a path.",
            rich_help_panel=_ISOLATED,
        ),
    ] = None,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Use only what is in uv's cache.", rich_help_panel=_ISOLATED),
    ] = False,
    refresh: Annotated[
        bool,
        typer.Option(
            "--refresh", help="Resolve the requirements anew, and build again.", rich_help_panel=_ISOLATED
        ),
    ] = False,
    load_timeout: Annotated[
        float,
        typer.Option(
            metavar="TIME",
            parser=parse_duration,
            help="Stop if loading the model takes longer: 90, 90s, 5m, 1h30m.",
            rich_help_panel=_LIMITS,
        ),
    ] = "30m",  # type: ignore[assignment]  # typer parses the default as well
    predict_timeout: Annotated[
        float | None,
        typer.Option(
            metavar="TIME",
            parser=parse_duration,
            help="Answer with an error if a result, or the next chunk of a stream, takes longer.",
            rich_help_panel=_LIMITS,
        ),
    ] = None,
    shutdown_timeout: Annotated[
        float,
        typer.Option(
            metavar="TIME",
            parser=parse_duration,
            help="Wait so long for requests under way when stopped.",
            rich_help_panel=_LIMITS,
        ),
    ] = "30s",  # type: ignore[assignment]  # typer parses the default as well
    max_body: Annotated[
        int,
        typer.Option(
            metavar="SIZE",
            parser=parse_size,
            help="Refuse a larger body: bytes, or 64Mi, 2G.",
            rich_help_panel=_LIMITS,
        ),
    ] = "100Mi",  # type: ignore[assignment]  # typer parses the default as well
) -> ExitCode:
    """Serve the model on this machine, by the routes that it has when deployed.

    Needs the libraries of the extra `serve`, but for --isolated; see docs/serve.md.
    """
    require_fork("serve")
    from truss_cli.serve import command  # noqa: PLC0415

    options = command.ServeOptions(
        folder=directory,
        host=host,
        port=port,
        reload=reload,
        environment=environment,
        secrets=secrets,
        secret_values=tuple(secret_values or ()),
        load_timeout=load_timeout,
        predict_timeout=predict_timeout,
        shutdown_timeout=shutdown_timeout,
        max_body=max_body,
        log=log,
        isolated=isolated,
        isolation=command.Isolation(offline, refresh, python),
    )
    return command.serve(options)
