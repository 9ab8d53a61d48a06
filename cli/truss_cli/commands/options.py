"""Options that several commands have: of loading a model, and of the environment it runs in."""

from pathlib import Path
from typing import Annotated

import typer

from truss_cli.quantities import parse_duration

_ENVIRONMENT = "Secrets and environment"
_ISOLATED = "An environment of its own"
_LIMITS = "Time limits"

SecretsFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Read the values of secrets from a file: YAML, JSON or dotenv.",
        rich_help_panel=_ENVIRONMENT,
    ),
]

SecretValues = Annotated[
    list[str] | None,
    typer.Option(
        "--secret",
        metavar="NAME=VALUE",
        help="Give the value of a secret; NAME=- reads it from standard input. Repeatable.",
        rich_help_panel=_ENVIRONMENT,
    ),
]

Variables = Annotated[
    list[str] | None,
    typer.Option(
        "--env",
        metavar="NAME=VALUE",
        help="Set an environment variable for the run. Repeatable.",
        rich_help_panel=_ENVIRONMENT,
    ),
]

EnvironmentName = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Simulate a deployment to this environment.",
        rich_help_panel=_ENVIRONMENT,
    ),
]

InPlace = Annotated[
    bool,
    typer.Option(
        "--in-place",
        help="Run in the truss's folder, rather than in a copy of the files that the image has.",
        rich_help_panel=_ENVIRONMENT,
    ),
]

Isolated = Annotated[
    bool,
    typer.Option(
        "--isolated",
        help="Run in an environment made of config.yaml: its Python and requirements, and the server's.",
        rich_help_panel=_ISOLATED,
    ),
]

IsolatedPython = Annotated[
    str | None,
    typer.Option(
        metavar="VERSION",
        help="Use another Python than config.yaml names: a version or a path.",
        rich_help_panel=_ISOLATED,
    ),
]

Offline = Annotated[
    bool,
    typer.Option("--offline", help="Use only what is in uv's cache.", rich_help_panel=_ISOLATED),
]

Refresh = Annotated[
    bool,
    typer.Option(
        "--refresh", help="Resolve the requirements anew, and build again.", rich_help_panel=_ISOLATED
    ),
]

LoadTimeout = Annotated[
    float,
    typer.Option(
        metavar="TIME",
        parser=parse_duration,
        help="Stop if loading the model takes longer: 90, 90s, 5m, 1h30m.",
        rich_help_panel=_LIMITS,
    ),
]
