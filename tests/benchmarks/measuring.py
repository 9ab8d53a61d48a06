"""Figures that hold on any machine: two commands timed in turn, and their ratio."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

Command = list[str | Path]


class Measure(NamedTuple):
    """A figure and what it should be."""

    name: str
    value: float
    unit: str
    aim: str


Benchmark = Callable[[Path], Iterator[Measure]]
"""Takes an empty folder to work in."""


def in_turn(commands: Sequence[Command], repeat: int) -> list[list[float]]:
    """Return the wall times in seconds of each command, run in turn so that all see the same machine."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    times: list[list[float]] = [[] for _ in commands]
    for turn in range(repeat + 1):
        for taken, command in zip(times, commands, strict=True):
            began = time.perf_counter()
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
            if turn:  # the first one warms up
                taken.append(time.perf_counter() - began)
    return times


def ratio(command: Command, baseline: Command, repeat: int) -> float:
    """Return the median, over the turns, of a command's time by the baseline's."""
    ours, theirs = in_turn([command, baseline], repeat)
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def show(benchmarks: Mapping[str, Benchmark], names: Sequence[str]) -> None:
    """Run the benchmarks of these names, or all, and print each figure as it is known."""
    for name in names or benchmarks:
        with tempfile.TemporaryDirectory() as root:
            for found in benchmarks[name](Path(root)):
                sys.stdout.write(f"{found.name:<52} {found.value:8.2f} {found.unit:<6} aim: {found.aim}\n")
                sys.stdout.flush()
