"""`truss serve`: its options."""

from pathlib import Path
from typing import Annotated

import typer

from truss_cli.choices import LogFormat
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
from truss_cli.errors import ExitCode
from truss_cli.quantities import parse_duration, parse_size

_LIMITS = "Time limits"
_ACCESS = "Access"

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
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Accept requests for this host name, besides localhost and IP addresses. Repeatable.",
            rich_help_panel=_ACCESS,
        ),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN",
            help="Accept requests from web pages of this origin, such as http://localhost:3000. Repeatable.",
            rich_help_panel=_ACCESS,
        ),
    ] = None,
    reload: Annotated[
        bool,
        typer.Option("--reload", help="On a change of config.yaml or the code, load the model anew."),
    ] = False,
    log: Annotated[LogFormat, typer.Option(help="Choose the format of the log.")] = LogFormat.TEXT,
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
        allow_hosts=tuple(allow_host or ()),
        allow_origins=tuple(allow_origin or ()),
        reload=reload,
        environment=environment,
        variables=tuple(variables or ()),
        in_place=in_place,
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
