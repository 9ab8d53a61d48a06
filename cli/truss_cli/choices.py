"""The choices of the command line's options: each an enumeration, which typer parses, lists and completes."""

from enum import StrEnum


class OutputFormat(StrEnum):
    """How `truss check` reports; a module `check/report/as_<format>.py` each."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"
    SARIF = "sarif"


class StatsFormat(StrEnum):
    """How `truss predict` shows its times and sizes."""

    TEXT = "text"
    JSON = "json"


class LogFormat(StrEnum):
    """How `truss serve` logs."""

    TEXT = "text"
    JSON = "json"


class TracebackFrames(StrEnum):
    """Whose frames a traceback shows."""

    USER = "user"
    FULL = "full"


class OnError(StrEnum):
    """What becomes of a line of JSON Lines that fails."""

    RECORD = "record"
    STOP = "stop"


class EngineName(StrEnum):
    """Where lines are worked on."""

    LOCAL = "local"
    RAY = "ray"
