"""What goes on around a call: turns, clients that leave, time limits, and what is said of it."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from callables import WriteModel
from serve.exchange import perform
from serve.serving import Serving
from waiting import SECONDS, wait_until

Serve = Callable[..., Serving]
PREDICT = {"method": "POST", "path": "/v1/models/model:predict"}
COUNTING = """
    import threading, time

    class Model:
        def __init__(self):
            self.running = self.most = 0
            self.lock = threading.Lock()
            self.preprocessing, self.predicting = threading.Barrier(6), threading.Barrier({concurrency})

        def preprocess(self, model_input):
            if model_input == "together": self.preprocessing.wait(60)
            return model_input

        def predict(self, model_input):
            with self.lock:
                self.running += 1
                self.most = max(self.most, self.running)
            if model_input == "together": self.predicting.wait(60)
            time.sleep(0.02)
            with self.lock:
                self.running -= 1
            return self.most
"""


def ask(server: Serving, body: object) -> Any:  # noqa: ANN401 - JSON
    answer = perform({**PREDICT, "body": json.dumps(body)}, server.port)
    return json.loads(answer["body"])


def at_once(*calls: Callable[[], object]) -> list[object]:
    results: list[object] = [None] * len(calls)

    def call(index: int) -> None:
        results[index] = calls[index]()

    threads = [threading.Thread(target=call, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@contextmanager
def connected(server: Serving, body: str) -> Iterator[socket.socket]:
    """Send a request and give its connection, whose answer nobody has read."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as connection:
        head = f"POST {PREDICT['path']} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body.encode())
        yield connection


def started(serve: Serve, folder: Path, *arguments: str) -> Serving:
    server = serve(folder, "--in-place", *arguments)
    server.wait_for("ready")
    return server


def test_predict_alone_takes_turns(serve: Serve, write_model: WriteModel) -> None:
    server = started(serve, write_model(COUNTING.format(concurrency=1)))
    at_once(*[lambda: ask(server, "together")] * 6)
    assert ask(server, "alone") == 1


def test_as_many_calls_run_at_once_as_config_says(serve: Serve, write_model: WriteModel) -> None:
    config = "runtime:\n  predict_concurrency: 3\n"
    server = started(serve, write_model(COUNTING.format(concurrency=3), config=config))
    at_once(*[lambda: ask(server, "together")] * 6)
    assert ask(server, "alone") == 3


def test_a_request_whose_client_has_left_is_skipped(serve: Serve, write_model: WriteModel) -> None:
    source = """
        import os, time
        class Model:
            def __init__(self): self.seen = []
            def predict(self, i):
                self.seen.append(i)
                if i == "slow":
                    open("began", "w").close()
                    while not os.path.exists("go"): time.sleep(0.01)
                return self.seen
    """
    folder = write_model(source)
    server = started(serve, folder)
    with connected(server, '"slow"'):
        wait_until((folder / "began").exists)
        with connected(server, '"gone"'):
            pass
        for _ in range(3):  # rounds of the event loop, after which it knows that the client has left
            assert perform({"method": "GET", "path": "/"}, server.port)["status"] == 200
        (folder / "go").touch()
        assert ask(server, "last") == ["slow", "last"]
    server.wait_for("request", status=499)


def test_a_stream_holds_its_turn_until_it_has_been_produced(serve: Serve, write_model: WriteModel) -> None:
    source = """
        import time
        class Model:
            def __init__(self): self.produced = 0
            def predict(self, i):
                return self.chunks() if i == "stream" else self.produced
            def chunks(self):
                for _ in range(5):
                    time.sleep(0.05)
                    self.produced += 1
                    yield "x"
    """
    server = started(serve, write_model(source))
    with connected(server, '"stream"') as connection:
        connection.recv(1)
    assert ask(server, "count") == 5


def test_a_model_can_watch_for_its_client_to_leave(serve: Serve, write_model: WriteModel) -> None:
    source = """
        from starlette.requests import Request
        class Model:
            gone = None
            def predict(self, i, request: Request):
                if i == "ask":
                    return self.gone
                with request.state.watch_disconnect() as gone:
                    open("began", "w").close()
                    self.gone = gone.wait(60)
    """
    folder = write_model(source)
    server = started(serve, folder)
    with connected(server, '"wait"'):
        wait_until((folder / "began").exists)
    assert ask(server, "ask") is True


def test_a_call_that_takes_too_long_is_answered_and_keeps_its_turn(
    serve: Serve, write_model: WriteModel
) -> None:
    source = """
        import os, time
        class Model:
            done = 0
            def predict(self, i):
                while i == "slow" and not os.path.exists("go"): time.sleep(0.01)
                self.done += 1
                return self.done
    """
    folder = write_model(source)
    server = started(serve, folder, "--predict-timeout", "1")
    answer = perform({**PREDICT, "body": '"slow"'}, server.port)
    assert answer["status"] == 504
    assert "--predict-timeout" in answer["body"]
    assert "`predict` took longer" in server.wait_for("note")["message"]
    (folder / "go").touch()
    assert ask(server, 0) == 2


def test_errors_show_the_models_own_frames_and_no_secret(serve: Serve, write_model: WriteModel) -> None:
    source = """
        class Model:
            def __init__(self, secrets): self.key = secrets["key"]
            def predict(self, i):
                raise ValueError(f"refused {self.key}")
    """
    folder = write_model(source, config="secrets:\n  key: null\n")
    (folder.parent / "secrets.env").write_text("key=hidden-value\n")
    (folder.parent / "secrets.env").chmod(0o600)
    server = started(serve, folder, "--secrets", str(folder.parent / "secrets.env"))
    answer = perform({**PREDICT, "path": "/v1/models/hidden-value:predict", "body": "1"}, server.port)
    assert answer["body"] == '{"error":"Internal Server Error (in model/chainlet)."}'
    error = server.wait_for("error")
    assert error["message"] == "`predict` raised ValueError: refused ***"
    assert "model.py" in error["detail"]
    assert "truss_cli" not in error["detail"]
    assert server.wait_for("request")["path"] == "/v1/models/***:predict"
    assert "hidden-value" not in json.dumps(error) + server.stderr


def test_what_helps_no_one_is_done_as_deployed_and_said(serve: Serve, write_model: WriteModel) -> None:
    source = """
        class Model:
            def predict(self, i):
                return {"x": [float("nan")]} if i == "nan" else self.chunks(i)
            def chunks(self, i):
                yield "a"
                if i == "break": raise ValueError("late")
                if i == "number": yield 5
    """
    server = started(serve, write_model(source))
    assert perform({**PREDICT, "body": '"nan"'}, server.port)["body"] == '{"x": [NaN]}'
    assert "$.x[0] is NaN" in server.wait_for("note")["message"]
    assert perform({**PREDICT, "body": '"break"'}, server.port)["body"] == "a"
    assert "the stream, after 1 chunk, raised ValueError: late" in server.wait_for("error")["message"]
    assert "status 200" in server.wait_for("note")["message"]
    assert perform({**PREDICT, "body": '"number"'}, server.port)["broken"]
    assert "chunk 1 of the stream is of type int" in server.wait_for("error")["message"]


def test_chunks_are_sent_as_they_come(serve: Serve, write_model: WriteModel) -> None:
    source = """
        import os, time
        class Model:
            def predict(self, i):
                for number in range(3):
                    while not os.path.exists(f"go{number}"): time.sleep(0.01)
                    yield f"{number};"
    """
    folder = write_model(source)
    server = started(serve, folder)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
    connection.request("POST", PREDICT["path"], "1")
    response = connection.getresponse()
    heard = []
    for number in range(3):
        (folder / f"go{number}").touch()
        heard.append(response.read1())
    assert heard == [b"0;", b"1;", b"2;"]
    connection.close()


def test_prints_of_the_model_stay_out_of_the_log(serve: Serve, write_model: WriteModel) -> None:
    source = """
        import logging, os, sys
        class Model:
            def predict(self, i):
                print("from python"); os.system("echo from a program"); logging.info("from logging")
                return i
    """
    server = started(serve, write_model(source))
    assert ask(server, 1) == 1
    server.wait_for("request")  # which reads every line before it as JSON
    assert _all_in(("from python", "from a program", "from logging"), server.stderr)


def _all_in(parts: Sequence[str], text: str) -> bool:
    return all(part in text for part in parts)


def test_a_request_carries_its_id_into_the_log(serve: Serve, write_model: WriteModel) -> None:
    server = started(serve, write_model("class Model:\n    def predict(self, i): return i\n"))
    perform({**PREDICT, "body": "1", "headers": {"x-baseten-request-id": "abc"}}, server.port)
    logged = server.wait_for("request")
    assert (logged["method"], logged["path"], logged["status"]) == ("POST", PREDICT["path"], 200)
    assert logged["request_id"] == "abc"
    assert logged["seconds"] > 0


def test_what_the_models_code_raises_elsewhere_is_its_own_fault(
    serve: Serve, write_model: WriteModel
) -> None:
    source = """
        import sys
        import prometheus_client, pydantic
        class Custom: ...
        class Item(pydantic.BaseModel):
            model_config = {"arbitrary_types_allowed": True}
            x: int = 0
            custom: Custom = None
            @pydantic.field_validator("x")
            @classmethod
            def check(cls, value): raise KeyError("in the validator")
        class Collector:
            def describe(self): return []
            def collect(self): raise LookupError("in the collector")
        prometheus_client.REGISTRY.register(Collector())
        class Model:
            def is_healthy(self): sys.exit(3)
            def predict(self, item: Item): return 1
    """
    server = started(serve, write_model(source))
    get = {"method": "GET"}
    assert perform({**PREDICT, "body": '{"x": 1}'}, server.port)["status"] == 500
    assert "in the validator" in server.wait_for("error")["message"]
    assert perform({**get, "path": "/v1/models/model"}, server.port)["status"] == 503
    assert server.wait_for("error")["message"] == "`is_healthy` called sys.exit(3)"
    assert perform({**get, "path": "/v1/models/model/schema"}, server.port)["status"] == 500
    assert "the schema raised PydanticInvalidForJsonSchema" in server.wait_for("error")["message"]
    assert perform({**get, "path": "/metrics/"}, server.port)["status"] == 500
    assert "in the collector" in server.wait_for("error")["message"]


def test_a_model_that_ends_its_thread_or_cancels_itself_is_answered_for(
    serve: Serve, write_model: WriteModel
) -> None:
    source = """
        import asyncio, sys
        class Model:
            def predict(self, i):
                raise {"exit": SystemExit, "stop": KeyboardInterrupt, "end": GeneratorExit}[i]
            async def completions(self, i): raise asyncio.CancelledError
    """
    server = started(serve, write_model(source))
    for body in ('"exit"', '"stop"', '"end"'):
        assert perform({**PREDICT, "body": body}, server.port)["status"] == 500
    assert perform({**PREDICT, "path": "/v1/completions", "body": "1"}, server.port)["status"] == 500
    assert server.process.poll() is None
