"""Deadlines and Ctrl-C, however the model's code is stuck."""

import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from callables import Predict, PredictLate, WriteModel
from waiting import SECONDS, is_running, wait_until

STUCK = {
    "a sleep": """
        import time
        class Model:
            def load(self): self.wait()
            def wait(self): time.sleep(1000)
            def predict(self, model_input): return 1
    """,
    "C code that keeps the interpreter's lock": """
        class Model:
            def load(self): sum(range(10**13))
            def predict(self, model_input): return 1
    """,
    "an import that never ends, signals ignored": """
        import ctypes, signal, time
        c = ctypes.CDLL(None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGUSR1):
            c.signal(int(number), ctypes.c_void_p(1))
        while True: time.sleep(10)
    """,
    "a thread that is no daemon": """
        import threading, time
        class Model:
            def load(self):
                threading.Thread(target=time.sleep, args=[1000]).start()
                while True: time.sleep(1)
            def predict(self, model_input): return 1
    """,
}


@pytest.mark.parametrize("source", STUCK.values(), ids=STUCK)
def test_the_deadline_of_load_holds_and_shows_where_it_is_stuck(
    predict_late: PredictLate, source: str
) -> None:
    done = predict_late(source, "--load-timeout", lambda late: "/model/model.py" in late.stderr)
    assert done.returncode == 124
    assert re.search(r"took longer than [\d.]+ s", done.stderr)
    assert "--load-timeout" in done.stderr
    assert "/model/model.py" in done.stderr
    assert "truss_cli" not in done.stderr


STUCK_PREDICT = {
    "sync": ("def predict(self, model_input): time.sleep(1000)", "`predict` took longer"),
    "async": ("async def predict(self, i): await asyncio.sleep(1000)", "`predict` took longer"),
    "blocking the loop": ("async def predict(self, i): time.sleep(1000)", "`predict` took longer"),
    "a loop of its own": ("def predict(self, i): asyncio.run(asyncio.sleep(1000))", "`predict` took longer"),
    "stream": (
        "def predict(self, model_input):\n        yield 'a'\n        time.sleep(1000)",
        "no chunk came",
    ),
    "async stream": (
        "async def predict(self, model_input):\n        yield 'a'\n        await asyncio.sleep(1000)",
        "no chunk came",
    ),
}


@pytest.mark.parametrize(("method", "message"), STUCK_PREDICT.values(), ids=STUCK_PREDICT)
def test_the_deadline_of_predict_is_for_a_result_or_from_chunk_to_chunk(
    predict_late: PredictLate, method: str, message: str
) -> None:
    source = f"import asyncio, time\nclass Model:\n    {method}\n"
    done = predict_late(source, "--predict-timeout", lambda late: "sleep(1000)" in late.stderr)
    assert done.returncode == 124
    assert message in done.stderr
    assert "sleep(1000)" in done.stderr
    assert done.stdout == ("a" if "yield" in method else "")


def test_a_stream_may_take_longer_than_its_gap_and_config_tells_the_gap(predict: Predict) -> None:
    source = """
        import time
        class Model:
            def predict(self, model_input):
                for _ in range(6):
                    time.sleep(0.2)
                    yield "."
                time.sleep(1000)
    """
    assert predict(source, "--predict-timeout", "1").stdout == "......"
    config = "runtime:\n  streaming_read_timeout: 1\n"
    assert predict(source, config=config).stderr.startswith("Stuck here")


def start(folder: Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a model that creates the file `stuck` once it is, and wait for it."""
    truss = Path(sys.executable).with_name("truss")
    command: list[Path | str] = [truss, "predict", str(folder), "-d", "1", "--in-place"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    wait_until((folder / "stuck").exists)
    return process


STOPPED = {
    "in load": """
    def load(self): open('stuck', 'w').close(); time.sleep(1000)
    def predict(self, i): pass
    """,
    "in C code": """
    def load(self): open('stuck', 'w').close(); sum(range(10**13))
    def predict(self, i): pass
    """,
    "in a coroutine": """
    async def predict(self, model_input):
        try:
            open('stuck', 'w').close()
            await asyncio.sleep(1000)
        finally: print('cleaned up')
    """,
    "in a finalizer": """
    class Slow:
        def __del__(self): open('stuck', 'w').close(); time.sleep(1000)
    async def predict(self, model_input):
        try:
            self.Slow()
            await asyncio.sleep(1000)
        finally: print('cleaned up')
    """,
    "in a stream": """
    def predict(self, model_input):
        open('stuck', 'w').close()
        while True:
            yield 'x'
            time.sleep(0.01)
    """,
}


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)], ids=["Ctrl-C", "SIGTERM"]
)
@pytest.mark.parametrize("source", STOPPED.values(), ids=STOPPED)
def test_a_signal_ends_it_all(
    write_model: WriteModel, source: str, number: signal.Signals, code: int
) -> None:
    process = start(write_model("import asyncio, time\nclass Model:\n" + source))
    process.send_signal(number)
    _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == code
    assert b"Traceback" not in errors
    assert b"Exception ignored" not in errors
    assert (b"cleaned up" in errors) == ("cleaned up" in source)
    assert not Path(process.args[2], "data").exists()  # type: ignore[index, arg-type]  # a list of ours


def test_the_worker_does_not_outlive_a_killed_command(write_model: WriteModel) -> None:
    source = """
        import os, time
        class Model:
            def load(self):
                with open("pid", "w") as file: file.write(str(os.getpid()))
                open("stuck", "w").close()
                time.sleep(1000)
            def predict(self, model_input): return 1
    """
    folder = write_model(source)
    process = start(folder)
    worker = int((folder / "pid").read_text())
    process.kill()
    process.communicate(timeout=SECONDS)
    wait_until(lambda: not is_running(worker))


def test_a_deadline_may_lie_beyond_all_clocks(predict: Predict) -> None:
    done = predict("class Model:\n    def predict(self, i): return 1\n", "--load-timeout", "99999999999h")
    assert (done.returncode, done.stdout) == (0, "1\n")
