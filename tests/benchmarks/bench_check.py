"""What `truss check` costs: to start, beside a command that does nothing, and for each truss of many."""

import ast
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

from generated import generate
from measuring import Benchmark, Command, Measure, in_turn, ratio

PYTHON = Path(sys.executable)
TRUSS = PYTHON.with_name("truss")
NO_OP = """
import typer
app = typer.Typer(add_completion=False)
@app.command()
def main() -> None: pass
app()
"""
FEW, MANY = 100, 400


def check_start(root: Path) -> Iterator[Measure]:
    """Time a check of one truss, and `--help`, against a command that does nothing."""
    generate(root / "one", 1)
    no_op = root / "no_op.py"
    no_op.write_text(NO_OP)
    nothing: Command = [PYTHON, no_op]
    check = ratio([TRUSS, "check", root / "one"], nothing, 30)
    yield Measure("check of one truss, by a command that does nothing", check, "times", "at most 1.10")
    help_ = ratio([TRUSS, "--help"], nothing, 15)
    yield Measure("--help, by a command that does nothing", help_, "times", "at most 1.25")


def pyright(root: Path) -> Iterator[Measure]:
    """Time a check of one truss against a type checker on the same file, where that is installed."""
    model = generate(root / "one", 1)[-1]
    installed = shutil.which("pyright") or shutil.which("pyright", path=PYTHON.parent)
    try:
        subprocess.run([installed or "pyright", model], capture_output=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        sys.stdout.write("pyright is not installed, or cannot run here: not compared\n")
        return
    taken = ratio([TRUSS, "check", root / "one"], [installed or "pyright", model], 3)
    yield Measure("check of one truss, by pyright", taken, "times", "well under 1")


def check_many(root: Path) -> Iterator[Measure]:
    """Time what each further truss costs, and by reading and parsing its files alone."""
    files = generate(root / "many", MANY)
    generate(root / "few", FEW)
    generate(root / "one", 1)
    runs: list[Command] = [[TRUSS, "check", root / name] for name in ("one", "few", "many")]
    one, few, many = map(statistics.median, in_turn(runs, 5))
    each = (many - one) / (MANY - 1)
    bare = statistics.median(_bare(files) for _ in range(5)) / MANY
    yield Measure("each further truss", each * 1000, "ms", "at most 1.5")
    yield Measure("each further truss, by ast.parse and composing", each / bare, "times", "at most 2")
    first = (few - one) / (FEW - 1)
    yield Measure(f"each of {MANY}, by each of {FEW}", each / first, "times", "1: linear")


def _bare(files: list[Path]) -> float:
    """Return the seconds that it takes to read the files, parse the models and compose the configs."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    began = time.perf_counter()
    for file in files:
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".py":
            ast.parse(text)
        else:
            yaml.compose(text, Loader=loader)
    return time.perf_counter() - began


BENCHMARKS: dict[str, Benchmark] = {bench.__name__: bench for bench in (check_start, pyright, check_many)}
