"""The command line of `truss predict`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, get_args

from truss_cli.errors import TrussError

Stats = Literal["text", "json"]
Traceback = Literal["user", "full"]
OnError = Literal["record", "stop"]
EngineName = Literal["local", "ray"]


_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True, slots=True)
class PredictOptions:
    """What was asked for; times are in seconds, None means the default."""

    folder: Path
    data: str | None = None
    file: Path | None = None
    example: bool = False
    environment: str | None = None
    secrets: Path | None = None
    load_timeout: float | None = None
    predict_timeout: float | None = None
    stats: Stats | None = None
    traceback: Traceback = "user"
    jsonl: bool = False
    concurrency: int | None = None
    on_error: OnError = "record"
    output: Path | None = None
    resume: bool = False
    progress: bool = False
    engine: EngineName = "local"
    workers: int = 1
    ray_address: str | None = None


def require_jsonl(options: PredictOptions) -> None:
    """Raise TrussError for an option that only means something with `--jsonl`."""
    given = {
        "--output": options.output is not None,
        "--resume": options.resume,
        "--on-error stop": options.on_error == "stop",
        "--concurrency": options.concurrency is not None,
        "--progress": options.progress,
        "--engine ray": options.engine == "ray",
    }
    named = next((option for option, is_given in given.items() if is_given), None)
    if named and not options.jsonl:
        raise TrussError(f"`{named}` is for many inputs", hint="Add `--jsonl`, and give one input a line.")


def parse_stats(text: str | None) -> Stats | None:
    """Return the form of `--stats`; raise TrussError for another."""
    return None if text is None else _one_of(text, "--stats", get_args(Stats))


def parse_traceback(text: str) -> Traceback:
    """Return whose frames `--traceback` shows; raise TrussError for others."""
    return _one_of(text, "--traceback", get_args(Traceback))


def parse_on_error(text: str) -> OnError:
    """Return what `--on-error` does; raise TrussError for anything else."""
    return _one_of(text, "--on-error", get_args(OnError))


def parse_engine(text: str) -> EngineName:
    """Return the engine that `--engine` names; raise TrussError for another."""
    return _one_of(text, "--engine", get_args(EngineName))


def _one_of(text: str, option: str, known: tuple[_Word, ...]) -> _Word:
    for word in known:
        if text == word:
            return word
    ways = " or ".join(f"`{option} {word}`" for word in known)
    raise TrussError(f"`{option} {text}` is unknown", hint=f"Write {ways}.")
