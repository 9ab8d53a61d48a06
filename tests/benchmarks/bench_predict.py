"""What `truss predict` costs beside the bare Python that does the same; each figure a ratio of one run."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from measuring import Benchmark, Command, Measure, in_turn

TRUSS = Path(sys.executable).with_name("truss")
BARE_CALL = """
import json, sys
sys.path.insert(0, sys.argv[1])
from model.model import Model
model = Model()
if hasattr(model, "load"): model.load()
print(json.dumps(model.predict(json.load(sys.stdin))))
"""
BARE_LOOP = """
import json, sys
sys.path.insert(0, sys.argv[1])
from model.model import Model
model = Model()
for line in sys.stdin: print(json.dumps(model.predict(json.loads(line))))
"""


def write_truss(folder: Path, source: str) -> Path:
    """Write a truss around a model's source."""
    (folder / "model").mkdir(parents=True)
    (folder / "config.yaml").write_text("model_name: bench\n")
    (folder / "model/model.py").write_text(source)
    return folder


def seconds(command: Command, source: Path, repeat: int = 1) -> float:
    """Return the best wall time of a command that reads a file."""
    times = []
    for _ in range(repeat):
        with source.open("rb") as stdin:
            began = time.perf_counter()
            subprocess.run(command, stdin=stdin, stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - began)
    return min(times)


def stats(command: Command, source: Path) -> dict[str, float]:
    """Run a command with `--stats-format json` and give what it tells."""
    with source.open("rb") as stdin:
        done = subprocess.run(
            [*command, "--stats-format", "json"],
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=True,
        )
    found: dict[str, float] = json.loads(done.stderr.splitlines()[-1])
    return found


def start_up(root: Path) -> Iterator[Measure]:
    """Time the basic template against a bare script, in turn."""
    subprocess.run([TRUSS, "init", root / "basic", "--yes"], check=True, stdout=subprocess.DEVNULL)
    source = root / "in.json"
    source.write_text('{"name": "Ada"}')
    commands: list[Command] = [
        [sys.executable, "-c", BARE_CALL, root / "basic"],
        [TRUSS, "predict", root / "basic"],
    ]
    bare, ours = (statistics.median(seconds(command, source) for _ in range(15)) for command in commands)
    yield Measure("start-up beyond a bare script", (ours - bare) * 1000, "ms", "at most 130")


def isolated(root: Path) -> Iterator[Measure]:
    """Time a warm `--isolated` against the run in the tool's own Python, in turn."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = write_truss(root / "truss", TRIVIAL)
    ours: Command = [TRUSS, "predict", folder, "-d", '{"x": 1}']
    plain, own = in_turn([ours, [*ours, "--isolated", "--python", version]], 15)
    extra = statistics.median(one - other for one, other in zip(own, plain, strict=True))
    yield Measure("an environment of its own, warm", extra * 1000, "ms", "at most 30")


def first_byte(root: Path) -> Iterator[Measure]:
    """Time from a yield to its bytes on the pipe."""
    model = """
import time
class Model:
    def predict(self, model_input):
        for _ in range(200):
            time.sleep(0.002)
            yield f"{time.monotonic()}\\n"
"""
    delays = []
    command: Command = [TRUSS, "predict", write_truss(root / "truss", model), "-d", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        if process.stdout is not None:
            while data := os.read(process.stdout.fileno(), 1 << 16):
                delays.append(time.monotonic() - float(data.split()[-1]))
    yield Measure("yield to pipe, median", statistics.median(delays) * 1000, "ms", "under 1")


def long_stream(root: Path) -> Iterator[Measure]:
    """Send 1 GB through a stream."""
    model = """
class Model:
    def predict(self, megabytes):
        chunk = b"x" * 2**20
        for _ in range(megabytes): yield chunk
"""
    folder = write_truss(root / "truss", model)
    peaks = []
    for megabytes in (10, 1000):
        source = root / "in.json"
        source.write_text(str(megabytes))
        peaks.append(stats([TRUSS, "predict", folder], source)["peak_memory_mib"])
    yield Measure("memory of a 1 GB stream beyond that of 10 MB", peaks[1] - peaks[0], "MiB", "flat")


TRIVIAL = """
class Model:
    def predict(self, model_input): return {"y": model_input["x"] + 1}
"""


def records(root: Path) -> Iterator[Measure]:
    """Time 500,000 records against the bare loop, in turn."""
    source = root / "in.jsonl"
    source.write_text("".join(f'{{"x": {number}}}\n' for number in range(500_000)))
    folder = write_truss(root / "truss", TRIVIAL)
    bare = seconds([sys.executable, "-c", BARE_LOOP, folder], source, 3)
    ours = seconds([TRUSS, "predict", "--jsonl", folder], source, 3)
    yield Measure("a record's cost, by the bare loop's", ours / bare, "times", "at most 1")
    threads = seconds([TRUSS, "predict", "--jsonl", "--concurrency", "8", folder], source, 3)
    yield Measure("a record's cost in 8 threads, by that in one", threads / ours, "times", "at most 2")


def waiting(root: Path) -> Iterator[Measure]:
    """Have a model that awaits 10 ms answer 20,000 records, 64 at a time."""
    model = """
import asyncio
class Model:
    async def predict(self, model_input):
        await asyncio.sleep(0.01)
        return model_input
"""
    source = root / "in.jsonl"
    source.write_text("1\n" * 20_000)
    command: Command = [
        TRUSS,
        "predict",
        "--jsonl",
        "--concurrency",
        "64",
        write_truss(root / "truss", model),
    ]
    ideal = 20_000 / 64 * 0.01
    taken = stats(command, source)["predict_seconds"]
    yield Measure("64 at a time, by the ideal rate", ideal / taken * 100, "%", "at least 80")


def memory(root: Path) -> Iterator[Measure]:
    """Compare the peak memory over 1 GB of records with that over 10 MB."""
    folder = write_truss(root / "truss", "class Model:\n    def predict(self, model_input): return 1\n")
    line = json.dumps({"text": "x" * 1000}) + "\n"
    peaks = []
    for count in (10_000, 1_000_000):
        source = root / "in.jsonl"
        with source.open("w") as file:
            for _ in range(100):
                file.write(line * (count // 100))
        peaks.append(stats([TRUSS, "predict", "--jsonl", folder], source)["peak_memory_mib"])
    yield Measure(
        "memory over 1 GB of records beyond that over 10 MB", peaks[1] - peaks[0], "MiB", "within 50"
    )


def ray(root: Path) -> Iterator[Measure]:
    """Compare two workers of Ray with one on a model that computes."""
    model = """
class Model:
    def predict(self, model_input): return sum(number * number for number in range(300_000))
"""
    source = root / "in.jsonl"
    source.write_text("1\n" * 600)
    folder = write_truss(root / "truss", model)
    one, two = (
        stats([TRUSS, "predict", "--jsonl", "--engine", "ray", "--workers", count, folder], source)[
            "predict_seconds"
        ]
        for count in ("1", "2")
    )
    yield Measure("two workers of Ray, by one", one / two, "times", "at least 1.7")


BENCHMARKS: dict[str, Benchmark] = {
    bench.__name__: bench
    for bench in (start_up, isolated, first_byte, long_stream, records, waiting, memory, ray)
}
