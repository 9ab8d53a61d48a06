"""Lengths of time and amounts of memory, as people write them."""

import math
import re

from truss_cli.errors import TrussError

_SECONDS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smh]?)", re.ASCII)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)", re.ASCII)


def parse_duration(text: str) -> float:
    """Return the seconds that `90`, `90s`, `5m`, `1.5h` or `1h30m` mean; raise TrussError."""
    text = text.strip().lower()
    parts = list(_DURATION.finditer(text))
    units = [part.group(2) for part in parts]
    whole = "".join(part.group() for part in parts) == text
    if (
        not parts
        or not whole
        or (len(parts) > 1 and "" in units)
        or units != sorted(set(units), key="hms".find)
    ):
        raise TrussError(f"{text!r} is not a duration", hint="Write seconds, or `90s`, `5m`, `1h30m`.")
    seconds = sum(float(part.group(1)) * _SECONDS[part.group(2)] for part in parts)
    if seconds <= 0 or not math.isfinite(seconds):
        raise TrussError(f"a duration must be greater than zero, not {text!r}")
    return seconds


def format_duration(seconds: float) -> str:
    """Write a duration for people: `0.25 s`, `90 s`, `5 min`, `1 h 30 min`."""
    if seconds < 120 or seconds % 60:  # noqa: PLR2004 - below two minutes, seconds read best
        return f"{seconds:g} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes))


def parse_size(text: str) -> int:
    """Return the bytes that `1000`, `64Mi` or `1.5G` mean; raise TrussError."""
    from truss_cli.contract.defaults import MEMORY_UNITS  # noqa: PLC0415 - `truss --help` needs no contract

    match = _SIZE.fullmatch(text.strip())
    factor = {"": 1, **MEMORY_UNITS}.get(match[2]) if match else None
    if match is None or factor is None or not float(match[1]):
        raise TrussError(f"{text!r} is not a size", hint="Write bytes, or `64Mi`, `1.5G`.")
    return int(float(match[1]) * factor)


def format_size(size: int) -> str:
    """Write a number of bytes for people: `12 B`, `1.5 KiB`, `300.0 MiB`."""
    if size < 1024:  # noqa: PLR2004 - the step between the units
        return f"{size} B"
    power = min((size.bit_length() - 1) // 10, 4)
    return f"{size / 1024**power:.1f} {'KMGT'[power - 1]}iB"
