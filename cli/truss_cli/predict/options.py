"""The command line of `truss predict`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from truss_cli.errors import TrussError

Stats = Literal["text", "json"]
Traceback = Literal["user", "full"]


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


def parse_stats(text: str | None) -> Stats | None:
    """Give the form of `--stats`; raise TrussError for another."""
    for form in get_args(Stats):
        if text == form:
            return form  # type: ignore[no-any-return]  # a member of the Literal
    if text is not None:
        raise TrussError(f"`--stats {text}` is unknown", hint="Write `--stats text` or `--stats json`.")
    return None


def parse_traceback(text: str) -> Traceback:
    """Give whose frames `--traceback` shows; raise TrussError for others."""
    for whose in get_args(Traceback):
        if text == whose:
            return whose  # type: ignore[no-any-return]  # a member of the Literal
    raise TrussError(
        f"`--traceback {text}` is unknown", hint="Write `--traceback user` or `--traceback full`."
    )
