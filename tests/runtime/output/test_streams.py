import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from callables import Predict, WriteModel
from waiting import SECONDS

TRUSS = Path(sys.executable).with_name("truss")


def test_str_and_bytes_come_out_raw_and_nothing_is_added(predict: Predict) -> None:
    source = """
        class Model:
            def predict(self, model_input):
                yield "é\\n"
                yield b"bytes"
                yield ""
                yield memoryview(b"!")
    """
    done = predict(source)
    assert (done.returncode, done.stdout) == (0, "é\nbytes!")


STREAMS = {
    "async generator": "async def predict(self, i):\n        yield 'a'\n        yield 'b'",
    "returned generator": "def predict(self, i): return (chunk for chunk in 'ab')",
    "generator from a coroutine": "async def predict(self, i): return (chunk for chunk in 'ab')",
    "async generator from sync code": (
        "def predict(self, i):\n        async def g():\n            yield 'ab'\n        return g()"
    ),
    "postprocess": "def predict(self, i): return 'ab'\n    def postprocess(self, r):\n        yield from r",
    "preprocess first": (
        "async def preprocess(self, i): return 'ab'\n    def predict(self, i):\n        yield from i"
    ),
    "starlette's response": (
        "def predict(self, i):\n        from starlette.responses import StreamingResponse\n"
        "        return StreamingResponse(iter(['a', 'b']))"
    ),
}


@pytest.mark.parametrize("method", STREAMS.values(), ids=STREAMS)
def test_every_way_to_stream_streams(predict: Predict, method: str) -> None:
    done = predict(f"class Model:\n    {method}\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "ab", "")


def test_a_chunk_arrives_when_it_is_yielded(write_model: WriteModel) -> None:
    source = """
        import os, time
        class Model:
            def predict(self, model_input):
                for number in range(3):
                    yield f"{number}"
                    while not os.path.exists(f"read{number}"): time.sleep(0.01)
    """
    folder = write_model(source)
    command: list[Path | str] = [TRUSS, "predict", folder, "-d", "1", "--in-place"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for number in range(3):
            assert os.read(process.stdout.fileno(), 100) == str(number).encode()
            (folder / f"read{number}").touch()


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_closed_pipe_stops_the_generator_and_ends_quietly(
    write_model: WriteModel, kind: str, tmp_path: Path
) -> None:
    source = f"""
        class Model:
            {kind} predict(self, model_input):
                try:
                    while True: yield "line\\n" * 1000
                finally:
                    open({str(tmp_path / "closed")!r}, "w").close()
    """
    folder = write_model(source)
    with subprocess.Popen(
        [TRUSS, "predict", folder, "-d", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"line\n"
        process.stdout.close()
        assert process.wait(SECONDS) == 0
        assert process.stderr.read() == b""
    assert (tmp_path / "closed").exists()


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_an_error_in_mid_stream_comes_after_the_chunks_before_it(predict: Predict, kind: str) -> None:
    done = predict(
        f"class Model:\n    {kind} predict(self, i):\n        yield 'a'\n        raise ValueError('gone')\n"
    )
    assert (done.returncode, done.stdout) == (1, "a")
    assert "after 1 chunk, raised ValueError: gone" in done.stderr
    assert "truss_cli" not in done.stderr


@pytest.mark.parametrize(
    ("chunk", "message"),
    [
        ("{'a': 1}", "chunk 1 of the stream is of type dict"),
        ("bytearray(b'x')", "of type bytearray"),
        ("'\\ud800'", "chunk 1 of the stream holds '\\ud800'"),
    ],
)
def test_another_chunk_is_an_error_with_its_index(predict: Predict, chunk: str, message: str) -> None:
    done = predict(f"class Model:\n    def predict(self, i):\n        yield 'a'\n        yield {chunk}\n")
    assert (done.returncode, done.stdout) == (1, "a")
    assert message in done.stderr


@pytest.mark.parametrize(
    "returned", ["(c for c in 'ab')", "__import__('starlette.responses').responses.Response('a')"]
)
def test_a_stream_or_response_cannot_be_postprocessed(predict: Predict, returned: str) -> None:
    source = (
        f"class Model:\n    def predict(self, i): return {returned}\n    def postprocess(self, r): return r\n"
    )
    done = predict(source)
    assert (done.returncode, done.stdout) == (1, "")
    assert "`postprocess` cannot take" in done.stderr


@pytest.mark.parametrize(
    ("response", "body", "code"),
    [
        ("Response('tea', status_code=418)", "tea", 1),
        ("JSONResponse({'a': 1})", '{"a":1}', 0),
        ("Response(b'\\x00\\x01')", "\x00\x01", 0),
        ("FileResponse('config.yaml')", "model_name: m\n", 0),
    ],
)
def test_a_response_prints_its_body(predict: Predict, response: str, body: str, code: int) -> None:
    source = f"from starlette.responses import *\nclass Model:\n    def predict(self, i): return {response}\n"
    done = predict(source)
    assert (done.returncode, done.stdout) == (code, body)
    assert ("HTTP status 418" in done.stderr) == bool(code)


def test_memory_stays_flat_over_a_long_stream(predict: Predict) -> None:
    source = """
        class Model:
            def predict(self, model_input):
                chunk = b"x" * 2**20
                for _ in range(200): yield chunk
    """
    stats = json.loads(predict(source, "--stats-format", "json").stderr)
    assert stats["bytes"] == 200 * 2**20
    assert stats["peak_memory_mib"] < 100


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_clean_up_without_end_is_ended(write_model: WriteModel, kind: str) -> None:
    wait = "await asyncio.sleep(1000)" if kind == "async def" else "time.sleep(1000)"
    source = f"""
        import asyncio, time
        class Model:
            {kind} predict(self, model_input):
                try:
                    while True: yield "x" * 100_000
                finally: {wait}
    """
    command: list[Path | str] = [TRUSS, "predict", write_model(source), "-d", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.wait(SECONDS) == 124
        errors = process.stderr.read().decode()
    assert "closing the stream took longer than 2 s" in errors
    assert wait in errors
