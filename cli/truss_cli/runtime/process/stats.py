"""How long each part took, and how much came out."""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truss_cli.runtime.output.writer import OutputWriter

_NAMES = {
    "import": "import",
    "__init__": "init",
    "setup_environment": "setup",
    "load": "load",
    "predict": "predict",
}
_KIB_PER_UNIT = 1 if sys.platform == "linux" else 1 / 1024
"""What `getrusage` counts the peak memory in: KiB on Linux, bytes on macOS."""


class Stopwatch:
    """Times the steps of the work; `stats` has seconds and counts by name."""

    def __init__(self) -> None:
        self.stats: dict[str, float] = {}
        self._started = time.monotonic()
        self._step: tuple[str, float] | None = None

    def begin(self, step: str) -> None:
        """End the step before, begin this one."""
        now = time.monotonic()
        self._end_step(now)
        self._step = (step, now)

    def finished(self) -> dict[str, float]:
        """End the step that goes on, and return the seconds of each step by its name."""
        if self._step:
            self._end_step(time.monotonic())
            self._step = None
        return {name.removesuffix("_seconds"): value for name, value in self.stats.items()}

    def end(self, output: OutputWriter | None = None) -> None:
        """End the last step and take the totals, also those of what this process has written."""
        now = time.monotonic()
        predicting = self._step[1] if self._step else now
        if output and output.first_at is not None:
            self.stats["first_chunk_seconds"] = output.first_at - predicting
        self._end_step(now)
        self.stats["total_seconds"] = now - self._started
        if output:
            self.stats["chunks"] = output.chunks
            self.stats["bytes"] = output.bytes
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB_PER_UNIT
        self.stats["peak_memory_mib"] = peak / 1024
        gpu_peak = _gpu_peak_bytes()
        if gpu_peak is not None:
            self.stats["gpu_peak_memory_mib"] = gpu_peak / (1 << 20)

    def _end_step(self, now: float) -> None:
        if self._step:
            name, began = self._step
            self.stats[f"{_NAMES[name]}_seconds"] = now - began


def _gpu_peak_bytes() -> int | None:
    """Return the most that torch has held on the current GPU; None if the model has not used one with it."""
    torch = sys.modules.get("torch")
    try:
        if torch is None or not torch.cuda.is_initialized():
            return None
        return int(torch.cuda.max_memory_allocated())
    except (AttributeError, RuntimeError):  # a torch that is built without GPUs, or not wholly imported
        return None


def format_stats(stats: Mapping[str, float], style: str) -> str:
    """Write measurements as one line of JSON, or as lines for people."""
    rounded = {name: round(value, 6) for name, value in stats.items()}
    if style == "json":
        return json.dumps(rounded)
    lines = []
    for name, value in rounded.items():
        label, _, unit = name.rpartition("_")
        if unit == "seconds":
            lines.append(f"{label.replace('_', ' '):<12} {value * 1000:10.3f} ms")
        elif unit == "mib":
            lines.append(f"{label.replace('_', ' '):<12} {value:10.1f} MiB")
        else:
            lines.append(f"{name:<12} {value:10.0f}")
    return "\n".join(lines)
