"""Many trusses, checked by several processes: nothing that a user sees tells them from one."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from callables import Files
from conftest import TRUSS
from waiting import SECONDS, is_running, wait_until

MANY = 240
WRONG: Files = {
    "config.yaml": "model_name: m\nsecret: 1\n",
    "model/model.py": "class Model:\n    def predict(self, a, b):\n        return {1, 2}\n",
}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    for number in range(MANY):
        for name, text in WRONG.items():
            path = folder / f"t{number:03}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text * (1 if name == "config.yaml" else 1 + number % 3))
    return folder


def _check(many: Path, processors: set[int]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TRUSS, "check", "--output-format", "concise", "."],
        cwd=many,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        preexec_fn=lambda: os.sched_setaffinity(0, processors),
    )


@pytest.fixture
def running(many: Path) -> Iterator[subprocess.Popen[str]]:
    """Check so many trusses that there is time to interfere, in a process group of its own."""
    with subprocess.Popen(
        [TRUSS, "check", "--output-format", "concise", "."],
        cwd=many,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process


needs_two = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one processor has no workers")


@needs_two
def test_several_processes_say_what_one_says(many: Path) -> None:
    processors = sorted(os.sched_getaffinity(0))
    alone, together = _check(many, {processors[0]}), _check(many, set(processors[:2]))
    assert alone.stdout.count("TRS106") >= MANY
    assert (together.stdout, together.stderr, together.returncode) == (alone.stdout, "", 1)


def _workers(process: subprocess.Popen[str]) -> list[int]:
    """Wait for the processes that a check starts, and return their numbers."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < until:
        found = [int(number) for number in children.read_text().split()]
        if found:
            return found
    pytest.fail("no worker was seen")


@needs_two
def test_a_worker_that_is_killed_changes_nothing(many: Path, running: subprocess.Popen[str]) -> None:
    os.kill(_workers(running)[0], signal.SIGKILL)
    out, err = running.communicate(timeout=SECONDS)
    assert (out, err, running.returncode) == (_check(many, {0}).stdout, "", 1)


@needs_two
def test_ctrl_c_ends_all_of_them_quietly(running: subprocess.Popen[str]) -> None:
    workers = _workers(running)
    os.killpg(running.pid, signal.SIGINT)
    assert running.communicate(timeout=SECONDS) == ("", "")
    assert running.returncode == 130
    assert not any(map(is_running, workers))


@needs_two
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_a_check_that_is_terminated_or_killed(
    running: subprocess.Popen[str], number: signal.Signals
) -> None:
    workers = _workers(running)
    running.send_signal(number)
    assert running.communicate(timeout=SECONDS) == ("", "")
    assert running.returncode == -number
    wait_until(lambda: not any(map(is_running, workers)))


@needs_two
def test_ctrl_c_ends_what_looks_up_packages(many: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        index = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        with subprocess.Popen(
            [TRUSS, "check", "--resolve", "."],
            cwd=many,
            env={**os.environ, "UV_DEFAULT_INDEX": index, "UV_CACHE_DIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            silent.settimeout(SECONDS)
            with silent.accept()[0]:
                os.killpg(process.pid, signal.SIGINT)
                output, errors = process.communicate(timeout=SECONDS)
    assert (process.returncode, output, errors) == (130, "", "")
