"""Signals that end a command: its processes end, and its temporary files are removed."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callables import Run, WriteModel
from conftest import TRUSS
from waiting import SECONDS, wait_until

LOADING = """
    import os, pathlib, subprocess, time
    class Model:
        def load(self):
            child = subprocess.Popen(["sleep", "600"])
            pathlib.Path("started.part").write_text(f"{os.getpid()} {child.pid}")
            os.rename("started.part", "started")
            time.sleep(600)
        def predict(self, i): return i
"""
ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


def runs(pid: int) -> bool:
    """Return whether a process is running; one that has ended may not have been waited for yet."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start `truss`; end it after the test."""
    processes: list[subprocess.Popen[bytes]] = []

    def start_truss(*arguments: str | Path, **options: object) -> subprocess.Popen[bytes]:
        process: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload]  # as Popen names them
            [TRUSS, *arguments],
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )
        processes.append(process)
        return process

    yield start_truss
    for process in processes:
        process.kill()
        process.communicate()


def handles_termination(process: subprocess.Popen[bytes]) -> bool:
    """Return whether a process has a handler for SIGTERM by now."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught & 1 << (signal.SIGTERM - 1))


def expected_code(number: signal.Signals) -> int:
    return 130 if number is signal.SIGINT else -number


@pytest.mark.parametrize(
    ("arguments", "number"),
    [
        (["lsp"], signal.SIGTERM),
        (["check", "truss", "--watch"], signal.SIGTERM),
        *((["predict", "truss"], number) for number in ENDING),
    ],
)
def test_every_command_ends_by_the_signal(
    start: Start, write_model: WriteModel, arguments: list[str], number: signal.Signals
) -> None:
    write_model("class Model:\n    def predict(self, i): return i\n")
    process = start(*arguments)
    wait_until(lambda: handles_termination(process))
    process.send_signal(number)
    _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == expected_code(number)
    assert b"Traceback" not in errors


@pytest.mark.parametrize("number", [*ENDING, signal.SIGKILL])
def test_watching_leaves_no_process(start: Start, write_model: WriteModel, number: signal.Signals) -> None:
    folder = write_model(LOADING)
    process = start("predict", folder, "--in-place", "--watch", "-d", "1")
    wait_until((folder / "started").exists)
    pids = [int(pid) for pid in (folder / "started").read_text().split()]
    process.send_signal(number)
    assert process.wait(SECONDS) == expected_code(number)
    wait_until(lambda: not any(map(runs, pids)))  # after SIGKILL they end by themselves
    wait_until(lambda: not (folder / "data").exists())


def test_a_signal_that_is_ignored_stays_ignored(start: Start, write_model: WriteModel) -> None:
    write_model("class Model:\n    def predict(self, i): return i\n")
    process = start("predict", "truss", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    wait_until(lambda: handles_termination(process))
    process.send_signal(signal.SIGHUP)
    output, _ = process.communicate(b"1", timeout=SECONDS)
    assert (process.returncode, output) == (0, b"1\n")


def test_the_data_folder_of_a_killed_run_is_removed_by_the_next(
    start: Start, run: Run, write_model: WriteModel
) -> None:
    folder = write_model(LOADING)
    process = start("predict", folder, "--in-place", "-d", "1")
    wait_until((folder / "started").exists)
    process.kill()
    process.wait()
    os.kill(int((folder / "started").read_text().split()[1]), signal.SIGKILL)  # an orphan by now
    if "user.truss-cli.temporary" not in os.listxattr(folder / "data"):
        pytest.skip("this file system has no extended attributes")
    write_model("class Model:\n    def predict(self, i): return i\n")
    wait_until(
        lambda: (
            run("predict", folder, "--in-place", "-d", "1").stdout == "1\n" and not (folder / "data").exists()
        )
    )


def test_two_runs_share_the_data_folder(start: Start, run: Run, write_model: WriteModel) -> None:
    source = """
        import os, pathlib, time
        class Model:
            def predict(self, i):
                if i == "wait":
                    open("waiting", "w").close()
                    while not os.path.exists("go"): time.sleep(0.01)
                return os.path.isdir("data")
    """
    folder = write_model(source)
    first = start("predict", folder, "--in-place", "-d", '"wait"')
    wait_until((folder / "waiting").exists)
    assert run("predict", folder, "--in-place", "-d", "1").stdout == "true\n"
    (folder / "go").touch()
    assert first.communicate(timeout=SECONDS)[0] == b"true\n"
    assert not (folder / "data").exists()
    (folder / "data").mkdir()
    assert run("predict", folder, "--in-place", "-d", "1").stdout == "true\n"
    assert (folder / "data").exists()


def test_as_in_a_container_the_exit_code_names_the_signal(write_model: WriteModel) -> None:
    # The first process of a container is not ended by a signal that it sends to itself.
    program = "import os; os.kill = lambda *_: None; from truss_cli.__main__ import main; main()"
    folder = write_model("class Model:\n    def predict(self, i): return i\n")
    process = subprocess.Popen(
        [TRUSS.with_name("python"), "-c", program, "predict", folder],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONSAFEPATH": "1"},
    )
    wait_until(lambda: handles_termination(process))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=SECONDS)
    assert process.returncode == 128 + signal.SIGTERM


def test_ctrl_c_during_the_imports_shows_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "typing.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    program = "import sys; sys.modules.pop('typing', None); from truss_cli.entry_point import main; main()"
    process = subprocess.run(
        [TRUSS.with_name("python"), "-c", program],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert (process.returncode, process.stderr) == (130, b"")
