"""Context variables and tasks behave as on the deployed server, where these results were measured."""

import pytest

from callables import Predict, Run, WriteModel
from serve.exchange import perform
from serve.serving import serving

VARIABLE = """
    from contextvars import ContextVar
    V = ContextVar("v", default="unset")
    def note(seen, value):
        seen.append(V.get())
        V.set(value)
        return seen
"""
SYNC = """
    class Model:
        def preprocess(self, i): return note([], "preprocess")
        def predict(self, i): return note(i, "predict")
        def postprocess(self, i): return note(i, "postprocess")
"""
STREAM = """
    class Model:
        def preprocess(self, i): V.set("preprocess")
        def predict(self, i):
            for number in range(3):
                yield f"{V.get()},"
                V.set(str(number))
"""
MIXED = SYNC.replace("def preprocess", "async def preprocess").replace(
    "def postprocess", "async def postprocess"
)
MEASURED = {
    "sync": (SYNC, '["unset", "unset", "unset"]'),
    "mixed": (MIXED, '["unset", "preprocess", "preprocess"]'),
    "async": (SYNC.replace("def ", "async def "), '["unset", "preprocess", "predict"]'),
    "stream": (STREAM, "unset,0,1,"),
}


@pytest.mark.parametrize("name", MEASURED)
def test_each_sync_step_has_a_copy_of_the_context(predict: Predict, name: str) -> None:
    source, result = MEASURED[name]
    assert predict(VARIABLE + source, stdin="1").stdout.strip() == result


def test_a_line_of_a_batch_sees_nothing_of_the_one_before(run: Run, write_model: WriteModel) -> None:
    source = """
    class Model:
        def predict(self, i): return note([], str(i))
    """
    folder = write_model(VARIABLE + source)
    process = run("predict", folder, "--jsonl", stdin="1\n2\n")
    assert process.stdout == '["unset"]\n["unset"]\n'


def test_a_stream_has_one_context_in_the_server(write_model: WriteModel) -> None:
    with serving(write_model(VARIABLE + STREAM)) as server:
        server.wait_for("ready")
        request = {"method": "POST", "path": "/v1/models/model:predict", "body": "1"}
        assert perform(request, server.port)["body"] == "unset,0,1,"


def test_a_task_that_fails_after_the_result_is_reported(predict: Predict) -> None:
    source = """
        import asyncio
        async def fail(number):
            await asyncio.sleep(0.01)
            raise ValueError(f"failed \\x1b {number}")
        class Model:
            async def predict(self, i):
                self.task = asyncio.create_task(fail(i))
                return i
    """
    process = predict(source, stdin="1")
    assert (process.returncode, process.stdout) == (0, "1\n")
    assert "note: a task that runs on after the result raised ValueError: failed \\x1b 1\n" in process.stderr
    assert "in fail\n" in process.stderr
    assert "truss_cli" not in process.stderr


def test_a_task_without_end_is_left(predict: Predict) -> None:
    source = """
        import asyncio
        class Model:
            async def predict(self, i):
                self.task = asyncio.create_task(asyncio.sleep(1000))
                return i
    """
    process = predict(source, stdin="1")
    assert (process.returncode, process.stdout, process.stderr) == (0, "1\n", "")
