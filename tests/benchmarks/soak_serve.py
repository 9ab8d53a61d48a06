"""Serve for minutes to clients of whom many vanish: `python tests/benchmarks/soak_serve.py [SECONDS]`.

Prints, every minute and at the end, how many requests were answered, and what
the server holds: memory, open files and threads, which must not grow.
"""

import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from bench_serve import REQUEST, TRUSS, free_port, read_answer, resident_mib, running, write_truss

MODEL = """
import time

class Model:
    def predict(self, model_input):
        if isinstance(model_input, list):
            return self.chunks()
        return model_input

    def chunks(self):
        for number in range(20):
            time.sleep(0.001)
            yield f"{number}\\n"

    async def completions(self, body):
        raise ValueError("broken")
"""
STREAM = b"POST /v1/models/model:predict HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n[]"
FAILING = b"POST /v1/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}"


class Client(threading.Thread):
    """Does one thing after the other, each on a connection of its own."""

    def __init__(self, port: int, end: float, seed: int) -> None:
        super().__init__()
        self._port, self._end, self._random = port, end, random.Random(seed)  # noqa: S311 - no secret
        self.counts: Counter[str] = Counter()

    def run(self) -> None:
        """Go on until the end."""
        acts = (
            self.ask,
            self.vanish_in_body,
            self.vanish_unanswered,
            self.vanish_in_stream,
            self.fail,
            self.babble,
        )
        while time.monotonic() < self._end:
            act = self._random.choice(acts)
            try:
                with socket.create_connection(("127.0.0.1", self._port), timeout=30) as connection:
                    act(connection)
                self.counts[act.__name__] += 1
            except OSError as error:
                self.counts[f"{act.__name__}: {type(error).__name__}"] += 1

    def ask(self, connection: socket.socket) -> None:
        """Ask several times and read the answers."""
        for _ in range(20):
            connection.sendall(REQUEST)
            read_answer(connection)
        self.counts["answers"] += 20

    def vanish_in_body(self, connection: socket.socket) -> None:
        """Send a part of a request."""
        connection.sendall(REQUEST[: self._random.randrange(1, len(REQUEST))])

    def vanish_unanswered(self, connection: socket.socket) -> None:
        """Send a request, and wait for nothing."""
        connection.sendall(REQUEST)

    def vanish_in_stream(self, connection: socket.socket) -> None:
        """Read the beginning of a stream."""
        connection.sendall(STREAM)
        connection.recv(self._random.randrange(1, 200))

    def fail(self, connection: socket.socket) -> None:
        """Have the model raise."""
        connection.sendall(FAILING)
        connection.recv(4096)

    def babble(self, connection: socket.socket) -> None:
        """Send what is no HTTP."""
        connection.sendall(self._random.randbytes(self._random.randrange(1, 2000)))
        connection.recv(4096)


def held(pid: int) -> str:
    """Return what the worker holds."""
    worker = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0]
    files = len(list(Path(f"/proc/{worker}/fd").iterdir()))
    threads = len(list(Path(f"/proc/{worker}/task").iterdir()))
    return f"{resident_mib(pid):.1f} MiB, {files} open files, {threads} threads"


def main() -> None:
    """Soak."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
    with tempfile.TemporaryDirectory() as root:
        source, port = write_truss(Path(root) / "truss", MODEL), free_port()
        with running([TRUSS, "serve", source, "--port", str(port)], port, "/ping") as pid:
            end = time.monotonic() + seconds
            clients = [Client(port, end, seed) for seed in range(8)]
            for client in clients:
                client.start()
            began = time.monotonic()
            while any(client.is_alive() for client in clients):
                print(f"{time.monotonic() - began:6.0f} s: {held(pid)}", flush=True)  # noqa: T201 - a script
                time.sleep(min(60.0, max(1.0, end - time.monotonic())))
            for client in clients:
                client.join()
            time.sleep(2)
            print(f"   end: {held(pid)}")  # noqa: T201
            for name, count in sorted(sum((client.counts for client in clients), Counter()).items()):
                print(f"{count:9} {name}")  # noqa: T201


if __name__ == "__main__":
    main()
