"""The command line of `truss predict`."""

from dataclasses import dataclass, field
from pathlib import Path

from truss_cli.choices import EngineName, OnError, StatsFormat, TracebackFrames
from truss_cli.contract.terms import ENDPOINTS
from truss_cli.environment.isolated import Isolation
from truss_cli.errors import TrussError

MAX_RESTARTS = 3


@dataclass(frozen=True, slots=True)
class PredictOptions:
    """What was asked for; times are in seconds, None means the default."""

    folder: Path
    data: str | None = None
    file: Path | None = None
    fields: tuple[str, ...] = ()
    """`NAME=VALUE`, of which the input is made."""
    example: bool = False
    interactive: bool = False
    method: str = "predict"
    """The method to call: `predict`, with what goes before and after it, or an optional one."""
    environment: str | None = None
    secrets: Path | None = None
    secret_values: tuple[str, ...] = ()
    """`NAME=VALUE`; the value `-` is read from stdin."""
    variables: tuple[str, ...] = ()
    """`NAME=VALUE`, environment variables for the run."""
    in_place: bool = False
    """True to run in the truss's folder rather than in a stage."""
    max_input: int = 1 << 30
    """Bytes of one input."""
    load_timeout: float | None = None
    predict_timeout: float | None = None
    stats: StatsFormat | None = None
    traceback: TracebackFrames = TracebackFrames.USER
    profile: Path | None = None
    debug: bool = False
    jsonl: bool = False
    concurrency: int | None = None
    on_error: OnError = OnError.RECORD
    max_restarts: int = MAX_RESTARTS
    """Workers in a row that may crash or hang with no answer between."""
    output: Path | None = None
    resume: bool = False
    progress: bool = False
    engine: EngineName = EngineName.LOCAL
    workers: int = 1
    ray_address: str | None = None
    isolated: bool = False
    isolation: Isolation = field(default_factory=Isolation)


def require_consistent(options: PredictOptions) -> None:
    """Raise TrussError for options that mean nothing together, or without another."""
    _require_jsonl(options)
    _require_one_input(options)
    _require_method(options)
    _require_isolated(options)
    _require_many(options)


def _require_method(options: PredictOptions) -> None:
    methods = ("predict", *ENDPOINTS)
    if options.method not in methods:
        hint = f"Name one of {', '.join(methods)}."
        raise TrussError(f"`--method {options.method}` answers no requests", hint=hint)
    if options.method != "predict" and (options.jsonl or options.interactive):
        raise TrussError("`--method` is for one input", hint="Leave out `--jsonl` and `--interactive`.")


def reads_stdin(options: PredictOptions) -> bool:
    """Whether the input comes from stdin."""
    elsewhere = options.data is not None or options.fields or options.example or options.interactive
    return not elsewhere and (options.file is None or str(options.file) == "-")


def _require_one_input(options: PredictOptions) -> None:
    given = {
        "-d": options.data is not None,
        "-f": options.file is not None,
        "-i": bool(options.fields),
        "--example": options.example,
        "--interactive": options.interactive,
    }
    named = [f"`{option}`" for option, is_given in given.items() if is_given]
    if len(named) > 1:
        raise TrussError("the input is given twice", hint=f"Give one of {' and '.join(named)}.")
    if options.debug and reads_stdin(options):
        raise TrussError(
            "`--debug` leaves stdin to the debugger", hint="Give the input with `-d`, `-f` or `-i`."
        )


def _require_jsonl(options: PredictOptions) -> None:
    given = {
        "--output": options.output is not None,
        "--resume": options.resume,
        "--on-error stop": options.on_error is OnError.STOP,
        "--concurrency": options.concurrency is not None,
        "--max-restarts": options.max_restarts != MAX_RESTARTS,
        "--progress": options.progress,
        "--engine ray": options.engine is EngineName.RAY,
    }
    named = next((option for option, is_given in given.items() if is_given), None)
    if named and not options.jsonl:
        raise TrussError(f"`{named}` is for many inputs", hint="Add `--jsonl`, and give one input a line.")


def _require_many(options: PredictOptions) -> None:
    given = {
        "-i": bool(options.fields),
        "--interactive": options.interactive,
        "--debug": options.debug,
        "--profile": options.profile is not None,
    }
    named = next((option for option, is_given in given.items() if is_given), None)
    if options.jsonl and named:
        raise TrussError(f"`--jsonl` and `{named}` exclude each other", hint="Leave out one of them.")


def _require_isolated(options: PredictOptions) -> None:
    options.isolation.require_wanted(isolated=options.isolated)
    excluded = {
        "--engine ray": options.engine is EngineName.RAY,
        "--debug": options.debug,
    }
    other = next((option for option, is_given in excluded.items() if is_given), None)
    if options.isolated and other:
        raise TrussError(f"`--isolated` and `{other}` exclude each other", hint="Leave out one of them.")
