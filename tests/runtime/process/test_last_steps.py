"""What the model's code does after `predict` has returned: under the deadline, and named."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from callables import Predict, PredictLate, WriteModel
from conftest import TRUSS
from waiting import SECONDS

AFTER_PREDICT = {
    "a response's generator": (
        """
        import time
        from starlette.responses import StreamingResponse
        class Model:
            def predict(self, i):
                def chunks():
                    yield "a"
                    time.sleep(1000)
                return StreamingResponse(chunks())
        """,
        "the response, or its background task, took longer",
    ),
    "a background task": (
        """
        import time
        from starlette.background import BackgroundTask
        from starlette.responses import PlainTextResponse
        class Model:
            async def predict(self, i):
                return PlainTextResponse("a", background=BackgroundTask(time.sleep, 1000))
        """,
        "the response, or its background task, took longer",
    ),
    "a serializer": (
        """
        import time
        from pydantic import BaseModel, field_serializer
        class R(BaseModel):
            a: int = 1
            @field_serializer("a")
            def slow(self, a): time.sleep(1000)
        class Model:
            def predict(self, i): return R()
        """,
        "encoding the result took longer",
    ),
    "a dict's own items": (
        """
        import time
        class D(dict):
            def items(self): time.sleep(1000)
        class Model:
            def predict(self, i): return D(a=1)
        """,
        "encoding the result took longer",
    ),
    "a finalizer": (
        """
        import time
        class D(dict):
            def __del__(self): time.sleep(1000)
        class Model:
            def predict(self, i): return D(a=1)
        """,
        "ending after the result took longer",
    ),
    "preprocess": (
        """
        import time
        class Model:
            def preprocess(self, i): time.sleep(1000)
            def predict(self, i): return 1
        """,
        "`preprocess` took longer",
    ),
    "postprocess": (
        """
        import time
        class Model:
            def predict(self, i): return 1
            async def postprocess(self, i): time.sleep(1000)
        """,
        "`postprocess` took longer",
    ),
}


@pytest.mark.parametrize(("source", "message"), AFTER_PREDICT.values(), ids=AFTER_PREDICT)
def test_the_deadline_of_predict_holds_to_the_end_and_names_the_phase(
    predict_late: PredictLate, source: str, message: str
) -> None:
    done = predict_late(source, "--predict-timeout", lambda late: message in late.stderr)
    assert done.returncode == 124
    assert message in done.stderr
    assert "Allow more time with `--predict-timeout`." in done.stderr


def test_a_response_may_take_longer_than_the_gap_between_its_chunks(predict: Predict) -> None:
    source = """
        import time
        from starlette.responses import StreamingResponse
        class Model:
            def predict(self, i):
                def chunks():
                    for _ in range(6):
                        time.sleep(0.2)
                        yield "."
                return StreamingResponse(chunks())
    """
    done = predict(source, "--predict-timeout", "1")
    assert (done.stdout, done.returncode) == ("......", 0)


def test_a_worker_that_is_stopped_is_late_as_well(predict_late: PredictLate) -> None:
    source = """
        import os, signal, time
        class Model:
            def predict(self, i):
                os.kill(os.getpid(), signal.SIGSTOP)
                time.sleep(1000)
    """
    done = predict_late(source, "--predict-timeout", lambda late: "`predict` took longer" in late.stderr)
    assert done.returncode == 124
    assert "`predict` took longer" in done.stderr


STREAMS = {
    "sync": """
        def predict(self, i):
            try:
                while True:
                    yield "."
                    time.sleep(0.02)
            finally:
                self.path.write_text("closed")
    """,
    "async": """
        async def predict(self, i):
            try:
                while True:
                    yield "."
                    await asyncio.sleep(60)
            finally:
                await asyncio.sleep(0.01)
                self.path.write_text("closed")
    """,
    "sync that waits for its reader": """
        def predict(self, i):
            try:
                while True:
                    yield "." * 100_000
            finally:
                self.path.write_text("closed")
    """,
    "async that blocks": """
        async def predict(self, i):
            try:
                while True:
                    yield "."
                    time.sleep(60)
            finally:
                self.path.write_text("closed")
    """,
}
HEAD = """
import asyncio, os, pathlib, time
class Model:
    def __init__(self): self.path = pathlib.Path(os.environ["CLOSED"])
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("source", STREAMS.values(), ids=STREAMS)
def test_a_streams_finally_runs_when_a_signal_ends_it(
    source: str, number: signal.Signals, write_model: WriteModel, tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    command: list[str | Path] = [
        TRUSS,
        "predict",
        write_model(HEAD + source.replace("\n    ", "\n")),
        "-d",
        "1",
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "CLOSED": str(closed)}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"."
        process.send_signal(number)
        process.wait(SECONDS)
    assert closed.exists()


@pytest.mark.parametrize("kind", ["async", "async that blocks"])
def test_a_streams_finally_runs_when_it_is_late(kind: str, predict_late: PredictLate, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    source = HEAD + STREAMS[kind].replace("\n    ", "\n")
    env = {"CLOSED": str(closed)}
    done = predict_late(source, "--predict-timeout", lambda late: late.stdout == "." and closed.exists(), env)
    assert done.returncode == 124
    assert closed.exists()


def test_a_system_that_refuses_a_thread_is_no_bug(predict: Predict) -> None:
    source = """
        import threading
        threading.stack_size(2**46)
        class Model:
            def predict(self, i): return i
    """
    for arguments in ((), ("--jsonl",)):
        done = predict(source, *arguments, stdin="1")
        assert (done.returncode, done.stdout) == (2, "")
        assert "error: there is not enough memory" in done.stderr


def test_the_processes_of_a_pool_end_by_themselves(predict: Predict) -> None:
    source = """
        import sys
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing.util import Finalize

        def start(): Finalize(None, print, args=("ended",), kwargs={"file": sys.stderr}, exitpriority=0)

        class Model:
            def load(self): self.pool = ProcessPoolExecutor(1, initializer=start)
            def predict(self, i): return self.pool.submit(abs, i).result()
    """
    process = predict(source, stdin="-3")
    assert (process.returncode, process.stdout) == (0, "3\n")
    assert process.stderr == "ended\n"
