"""`truss serve` in a process of its own, on a port that is free."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from waiting import SECONDS

TRUSS = Path(sys.executable).with_name("truss")
_NOT_INHERITED = ("TRUSS_", "NO_COLOR", "CI", "FORCE_COLOR", "GITHUB_")


class Serving:
    """A server that runs, and what it logs, an object a line."""

    def __init__(self, process: subprocess.Popen[str], stderr: Path) -> None:
        self.process = process
        self._stderr = stderr
        listening = self.wait_for("listening")
        self.port = int(listening["url"].rpartition(":")[2])
        self.local: bool = listening["local"]

    def wait_for(self, event: str, **values: object) -> dict[str, Any]:
        """Read the log up to an event with these values, and return it."""
        assert self.process.stdout
        for line in self.process.stdout:
            found: dict[str, Any] = json.loads(line)
            if found["event"] == event and values.items() <= found.items():
                return found
        raise AssertionError(f"no {event}: {self.stderr}")

    @property
    def stderr(self) -> str:
        """What has been written to stderr so far."""
        return self._stderr.read_text("utf-8")

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """End it by a signal, and return its exit status."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


@contextmanager
def serving(folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Iterator[Serving]:
    """Serve a truss until the block ends; `env` are further variables."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}
    environment = {**inherited, **(env or {})}
    stderr = folder.with_suffix(".stderr")
    command: list[str | Path] = [TRUSS, "serve", folder, "--port", "0", "--log", "json", *arguments]
    with (
        stderr.open("w") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
        ) as process,
    ):
        try:
            yield Serving(process, stderr)
        finally:
            process.kill()
            process.wait()
