"""The command line of `truss serve`."""

from dataclasses import dataclass
from pathlib import Path

from truss_cli.choices import LogFormat
from truss_cli.environment.isolated import Isolation


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What was asked for; times are in seconds, sizes in bytes."""

    folder: Path
    host: str
    port: int
    allow_hosts: tuple[str, ...]
    allow_origins: tuple[str, ...]
    reload: bool
    environment: str | None
    secrets: Path | None
    secret_values: tuple[str, ...]
    """`NAME=VALUE`; the value `-` is read from stdin."""
    variables: tuple[str, ...]
    """`NAME=VALUE`, environment variables of the model."""
    in_place: bool
    """True to run in the truss's folder rather than in a stage."""
    load_timeout: float
    predict_timeout: float | None
    shutdown_timeout: float
    max_body: int
    log: LogFormat
    isolated: bool
    isolation: Isolation
