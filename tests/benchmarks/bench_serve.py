"""What `truss serve` costs beside a bare server, and beside the original one; each figure a ratio of one run.

The original server is measured if the environment variable TRUSS_ORIGINAL names a
folder with two virtual environments, `builder` and `server`, as tests/serve/record.py describes
them.
"""

import argparse
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from measuring import Benchmark, Measure

TRUSS = Path(sys.executable).with_name("truss")
MODEL = "class Model:\n    def predict(self, model_input):\n        return model_input\n"
ASYNC_MODEL = MODEL.replace("def predict", "async def predict")
BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route

def predict(model_input):
    return model_input

async def endpoint(request):
    return JSONResponse(await run_in_threadpool(predict, await request.json()))

app = Starlette(routes=[Route("/v1/models/{name}:predict", endpoint, methods=["POST"])])
uvicorn.run(app, port=int(sys.argv[1]), loop="uvloop", http="httptools", access_log=False, log_level="error")
"""
BODY = json.dumps({"prompt": "Hello", "numbers": list(range(20))}).encode()
REQUEST = (
    b"POST /v1/models/model:predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    b"content-length: %d\r\n\r\n%s" % (len(BODY), BODY)
)
ROUNDS, SECONDS, CLIENTS = 5, 1.0, 8


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_truss(folder: Path, source: str) -> Path:
    """Write a truss around a model's source."""
    (folder / "model").mkdir(parents=True)
    (folder / "config.yaml").write_text("model_name: bench\nruntime:\n  predict_concurrency: 16\n")
    (folder / "model/model.py").write_text(source)
    return folder


@contextlib.contextmanager
def running(command: list[str | Path], port: int, path: str = "/") -> Iterator[int]:
    """Run a server until the block ends; wait until it answers a GET, with whatever."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + 60
            while not answers(port, path):
                if time.monotonic() > end or process.poll() is not None:
                    raise RuntimeError(f"it does not answer: {command}")
                time.sleep(0.005)
            yield process.pid
        finally:
            process.terminate()
            process.wait()


def answers(port: int, path: str) -> bool:
    """Whether a server answers a GET with 200 or 404."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())
            return connection.recv(1 << 16)[9:12] in (b"200", b"404")
    except OSError:
        return False


def read_answer(connection: socket.socket) -> None:
    """Read one answer, which has a length; raise RuntimeError if its status is not 200."""
    answer = connection.recv(1 << 16)
    while (head := answer.find(b"\r\n\r\n")) < 0:
        answer += connection.recv(1 << 16)
    field = answer.lower().index(b"content-length: ", 0, head) + 16
    length = head + 4 + int(answer[field : answer.index(b"\r\n", field)])
    while len(answer) < length:
        answer += connection.recv(1 << 16)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(answer.decode("latin-1"))


def latencies(port: int, seconds: float) -> list[float]:
    """Return the times of requests one after the other."""
    taken = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end = time.perf_counter() + seconds
        while (began := time.perf_counter()) < end:
            connection.sendall(REQUEST)
            read_answer(connection)
            taken.append(time.perf_counter() - began)
    return taken


CLIENT = """
import sys
sys.path.insert(0, sys.argv[1])
from bench_serve import client
client(int(sys.argv[2]), float(sys.argv[3]))
"""


def client(port: int, seconds: float) -> None:
    """Send requests over several connections, one under way on each, and print how many were answered."""
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(CLIENTS)]
    count, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        for connection in connections:
            connection.sendall(REQUEST)
        for connection in connections:
            read_answer(connection)
            count += 1
    sys.stdout.write(str(count))


def throughput(port: int, seconds: float) -> float:
    """Return requests per second, from a client in a process of its own."""
    command = [sys.executable, "-c", CLIENT, str(Path(__file__).parent), str(port), str(seconds)]
    return int(subprocess.run(command, capture_output=True, check=True).stdout) / seconds


def speed(root: Path) -> Iterator[Measure]:
    """Measure servers in turn: ours, a bare one and, if it is at hand, the original."""
    source = write_truss(root / "truss", MODEL)
    ports = {"ours": free_port(), "bare": free_port()}
    with contextlib.ExitStack() as stack:
        serve: list[str | Path] = [TRUSS, "serve", source, "--port", str(ports["ours"])]
        stack.enter_context(running(serve, ports["ours"], "/ping"))
        stack.enter_context(running([sys.executable, "-c", BARE, str(ports["bare"])], ports["bare"]))
        if original := os.environ.get("TRUSS_ORIGINAL"):
            ports["original"] = stack.enter_context(serve_original(Path(original), root))
        rates: dict[str, list[float]] = {name: [] for name in ports}
        medians: dict[str, list[float]] = {name: [] for name in ports}
        for turn in range(ROUNDS + 1):
            for name, port in ports.items():
                rate, taken = throughput(port, SECONDS), latencies(port, SECONDS)
                if turn:  # the first one warms up
                    rates[name].append(rate)
                    medians[name].append(statistics.median(taken))
    for name, aim in (("bare", "0.8 or more"), ("original", "4 or more")):
        if name in ports:
            by_rate = statistics.median(a / b for a, b in zip(rates["ours"], rates[name], strict=True))
            by_time = statistics.median(b / a for a, b in zip(medians["ours"], medians[name], strict=True))
            yield Measure(f"requests/s, {CLIENTS} clients, by the {name} server's", by_rate, "times", aim)
            yield Measure(f"requests/s, one client, by the {name} server's", by_time, "times", aim)
    yield Measure(
        "requests/s, 8 clients (of this machine)", statistics.median(rates["ours"]), "1/s", "no aim"
    )


@contextlib.contextmanager
def serve_original(folder: Path, root: Path) -> Iterator[int]:
    """Serve the same model with the original server, and yield its port."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from serve import record  # noqa: PLC0415 - only if it is at hand
    from serve.trusses.served_truss import ServedTruss  # noqa: PLC0415

    truss = ServedTruss("bench", MODEL, [], {"runtime": {"predict_concurrency": 16}})
    options = argparse.Namespace(builder=folder / "builder", server=folder / "server")
    with record.serve(truss, root / "original", options) as port:
        yield port


def start(root: Path) -> Iterator[Measure]:
    """Measure how long it takes until an empty model is ready, beside a run of `truss predict` on it."""
    source = write_truss(root / "truss", MODEL)
    ratios = []
    for _ in range(ROUNDS):
        port = free_port()
        began = time.perf_counter()
        with running([TRUSS, "serve", source, "--port", str(port)], port, "/ping"):
            ready = time.perf_counter() - began
        began = time.perf_counter()
        subprocess.run([TRUSS, "predict", source, "-d", "1"], stdout=subprocess.DEVNULL, check=True)
        ratios.append(ready / (time.perf_counter() - began))
    yield Measure("ready, by a whole `truss predict`", statistics.median(ratios), "times", "1.5 or less")


def memory(root: Path) -> Iterator[Measure]:
    """Measure how far memory grows over many requests (TRUSS_REQUESTS, a hundred thousand by default)."""
    source = write_truss(root / "truss", MODEL)
    port, number = free_port(), int(os.environ.get("TRUSS_REQUESTS", "100000"))
    with running([TRUSS, "serve", source, "--port", str(port)], port, "/ping") as pid:
        throughput(port, 5)
        before, done = resident_mib(pid), 0
        while done < number:
            done += round(throughput(port, 10) * 10)
        after = resident_mib(pid)
    yield Measure(f"memory, growth over {done} requests", after - before, "MiB", "none")


def resident_mib(pid: int) -> float:
    """Return the memory of a process and its children, in MiB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    pages = sum(int(Path(f"/proc/{process}/statm").read_text().split()[1]) for process in (pid, *children))
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


BENCHMARKS: dict[str, Benchmark] = {"serve": speed, "serve-start": start, "serve-memory": memory}
