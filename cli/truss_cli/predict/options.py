"""The command line of `truss predict`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


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
    stats: Literal["text", "json"] | None = None
    traceback: Literal["user", "full"] = "user"
    jsonl: bool = False
