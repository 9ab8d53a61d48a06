"""The command line of `truss predict`."""

from dataclasses import dataclass
from pathlib import Path

from truss_cli.choices import EngineName, OnError, StatsFormat, TracebackFrames
from truss_cli.errors import TrussError


@dataclass(frozen=True, slots=True)
class PredictOptions:
    """What was asked for; times are in seconds, None means the default."""

    folder: Path
    data: str | None = None
    file: Path | None = None
    example: bool = False
    environment: str | None = None
    secrets: Path | None = None
    max_input: int = 1 << 30
    """Bytes of one input."""
    load_timeout: float | None = None
    predict_timeout: float | None = None
    stats: StatsFormat | None = None
    traceback: TracebackFrames = TracebackFrames.USER
    jsonl: bool = False
    concurrency: int | None = None
    on_error: OnError = OnError.RECORD
    output: Path | None = None
    resume: bool = False
    progress: bool = False
    engine: EngineName = EngineName.LOCAL
    workers: int = 1
    ray_address: str | None = None


def require_jsonl(options: PredictOptions) -> None:
    """Raise TrussError for an option that only means something with `--jsonl`."""
    given = {
        "--output": options.output is not None,
        "--resume": options.resume,
        "--on-error stop": options.on_error is OnError.STOP,
        "--concurrency": options.concurrency is not None,
        "--progress": options.progress,
        "--engine ray": options.engine is EngineName.RAY,
    }
    named = next((option for option, is_given in given.items() if is_given), None)
    if named and not options.jsonl:
        raise TrussError(f"`{named}` is for many inputs", hint="Add `--jsonl`, and give one input a line.")
