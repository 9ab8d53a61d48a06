"""`--watch`: the same command again at each change, until Ctrl-C."""

import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callables import Run, WriteTruss
from conftest import TRUSS
from waiting import SECONDS, wait_until

FINE = "class Model:\n    def predict(self, i): return i\n"
WRONG = "class Model:\n    def predict(self, i, j): return i\n"


class Watching:
    """A command that watches: what it has written, as far as it is waited for."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self._seen = b""

    def wait_for(self, text: str) -> str:
        """Read until a text is written; return what is written up to it, and forget that."""
        assert self.process.stdout is not None
        until = time.monotonic() + SECONDS
        while text.encode() not in self._seen:
            assert time.monotonic() < until, self._seen
            if select.select([self.process.stdout], [], [], 1)[0]:
                self._seen += os.read(self.process.stdout.fileno(), 65536)
        before, found, self._seen = self._seen.partition(text.encode())
        return (before + found).decode()

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(SECONDS)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[..., Watching]]:
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str, stdin: bytes | None = None) -> Watching:
        process = subprocess.Popen(
            [TRUSS, *arguments],
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        started.append(process)
        if stdin is not None and process.stdin is not None:
            process.stdin.write(stdin)
            process.stdin.close()
        return Watching(process)

    yield start
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def test_check_again_at_each_change(watch: Callable[..., Watching], write_truss: WriteTruss) -> None:
    truss = write_truss({"model/model.py": FINE})
    watching = watch("check", "truss", "--watch", "-q")
    assert watching.wait_for("Watching for changes") == "Watching for changes"
    (truss / "model/model.py").write_text(WRONG)
    seen = watching.wait_for("Watching for changes")
    assert "truss/model/model.py changed." in seen
    assert "TRS106" in seen
    (truss / "model/model.py").write_text("class Model(:\n")
    assert "TRS" in watching.wait_for("Watching for changes")
    (truss / "model/model.py").unlink()
    assert "TRS002" in watching.wait_for("Watching for changes")
    assert watching.interrupt() == 130


def test_a_folder_that_goes_and_comes_back(watch: Callable[..., Watching], write_truss: WriteTruss) -> None:
    truss = write_truss({"model/model.py": FINE})
    watching = watch("check", "truss", "--watch")
    watching.wait_for("Watching for changes")
    truss.rename(truss.parent / "away")
    assert "truss does not exist" in watching.wait_for("Watching for changes")
    (truss.parent / "away").rename(truss)
    assert "No problems found" in watching.wait_for("Watching for changes")
    (truss / "model/model.py").write_text(WRONG)
    assert "TRS106" in watching.wait_for("TRS106")
    assert watching.interrupt() == 130


def test_a_report_that_is_written_is_no_change(
    watch: Callable[..., Watching], write_truss: WriteTruss
) -> None:
    truss = write_truss({"model/model.py": FINE})
    watching = watch("check", "truss", "--watch", "-o", "truss/report.txt")
    watching.wait_for("Watching for changes")
    (truss / "model/model.py").write_text(WRONG)
    assert watching.wait_for("Watching for changes").count("changed") == 1
    assert "TRS106" in (truss / "report.txt").read_text()


def test_predict_is_started_anew_with_the_same_input(
    watch: Callable[..., Watching], write_truss: WriteTruss
) -> None:
    load = "    def load(self):\n        open('loading', 'w').close()\n        time.sleep(600)\n"
    truss = write_truss({"model/model.py": f"import time\nclass Model:\n{load}{FINE[13:]}"})
    watching = watch("predict", "truss", "--watch", "--in-place", stdin=b'{"a": 1}')
    wait_until((truss / "loading").exists)
    (truss / "model/model.py").write_text(FINE.replace("return i", "return [i, i]"))
    assert '[{"a": 1}, {"a": 1}]' in watching.wait_for("Watching for changes")
    assert watching.interrupt() == 130


def test_a_terminal_is_cleared(write_truss: WriteTruss) -> None:
    truss = write_truss({"model/model.py": FINE})
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(TRUSS, [str(TRUSS), "check", str(truss), "--watch"])  # noqa: S606 - no shell
    written = b""
    while b"Watching for changes" not in written:
        written += os.read(terminal, 65536)
    assert written.startswith(b"\x1b[2J\x1b[H")
    os.write(terminal, b"\x03")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
    os.close(terminal)


@pytest.mark.parametrize("command", ["check", "predict"])
def test_without_watchfiles_one_line_says_so(
    command: str, run: Run, write_truss: WriteTruss, tmp_path: Path
) -> None:
    truss = write_truss({"model/model.py": FINE})
    old = tmp_path / "old/watchfiles-0.1.dist-info"
    old.mkdir(parents=True)
    (old / "METADATA").write_text("Version: 0.1\n")
    done = run(command, truss, "--watch", env={"PYTHONPATH": str(old.parent)})
    assert (done.returncode, done.stdout) == (2, "")
    assert "`--watch` needs watchfiles>=" in done.stderr
    assert "pip install 'watchfiles>=" in done.stderr
