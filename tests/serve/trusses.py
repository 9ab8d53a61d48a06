"""Trusses whose every route is asked, on the original server to record it and on `truss serve` to compare."""

import base64
import textwrap
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Self

import msgpack

PREDICT = "/v1/models/model:predict"
BINARY = {"content-type": "application/octet-stream"}


class Ask(NamedTuple):
    """One request; with `say` a conversation over a websocket instead."""

    method: str = "POST"
    path: str = PREDICT
    body: str | bytes = ""
    headers: Mapping[str, str] = {}
    say: Sequence[str | bytes] | None = None
    after: Sequence[str] = ()
    """Files to make in the truss before it, which the model waits for."""

    @classmethod
    def get(cls, path: str, **headers: str) -> Self:
        """Return a GET request."""
        return cls("GET", path, headers=headers)


class ServedTruss(NamedTuple):
    """A truss and what it is asked, in this order."""

    name: str
    model: str
    asks: Sequence[Ask]
    config: Mapping[str, object] = {}
    ready: str = "/v1/models/model"
    """The path that answers 200 when the first request may come; none if the model stays in `load`."""

    @property
    def source(self) -> str:
        """Text of model.py."""
        return textwrap.dedent(self.model).lstrip()


def _array(kind_of_item: object, shape: list[int], data: bytes, kind: bytes = b"") -> dict[bytes, object]:
    """Return an array as msgpack-numpy writes it."""
    return {b"nd": True, b"type": kind_of_item, b"kind": kind, b"shape": shape, b"data": data}


def _packed(text: str) -> bytes:
    """Return bytes of msgpack that are written in base64."""
    return base64.b64decode(text)


def _posts(*bodies: str, path: str = PREDICT, **headers: str) -> list[Ask]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return [Ask(path=path, body=body, headers=named) for body in bodies]


ROUTES = ServedTruss(
    "routes",
    """
    class Model:
        def predict(self, model_input):
            return model_input
    """,
    [
        *(
            Ask(method, path, body="{}" if method == "POST" else "")
            for path in (
                "/",
                "/ping",
                "/invocations",
                "/v1/models/model",
                "/v1/models/another%20name",
                "/v1/models/model/",
                "/v1/models/model/loaded",
                "/v1/models/model/schema",
                "/v1/models/model:predict",
                "/v1/models/model:predict/",
                "/v1/models/model:predict_binary",
                "/v1/models/x:y:predict",
                "/v1/models/:predict",
                "/v1/models/a/b:predict",
                "/v1/models",
                "/v1/models/",
                "/v1/chat/completions",
                "/v1/completions",
                "/v1/embeddings",
                "/v1/messages",
                "/v1/responses",
                "/v1/websocket",
                "/metrics",
                "/metrics/",
                "/nothing",
                "//",
                "/v1/models/model?x=1",
            )
            for method in ("GET", "POST")
        ),
        Ask("HEAD", "/"),
        Ask("HEAD", "/v1/models/model"),
        Ask("OPTIONS", PREDICT),
        Ask("PUT", PREDICT, "{}"),
        Ask("DELETE", "/v1/models/model"),
        Ask(
            "OPTIONS",
            PREDICT,
            headers={"origin": "http://a.example", "access-control-request-method": "POST"},
        ),
        Ask(body="{}", headers={"origin": "http://a.example"}),
        Ask.get("/metrics/", accept="application/openmetrics-text"),
        Ask("GET", "/v1/websocket", say=["hello"]),
        Ask("GET", "/v1/nothing", say=["hello"]),
    ],
)

INPUTS = ServedTruss(
    "inputs",
    """
    class Model:
        def predict(self, model_input):
            return [type(model_input).__name__, model_input]
    """,
    [
        *_posts(
            "1",
            '"text"',
            "null",
            "[1, 2.5, true]",
            '{"a": {"b": []}}',
            '"\\u00e9\\ud83d\\ude00"',
            '"é"',
            "1e400",
            "123456789012345678901234567890",
            '{"a": 1, "a": 2}',
            " [1] ",
            "",
            "{",
            "{'a': 1}",
            "[1,]",
            "nul",
            "1 2",
            '"\t"',
            "\ufeff1",
        ),
        Ask(body=b'"\xff"'),
        Ask(body="[1]".encode("utf-16")),
        *_posts("[1]", content_type="text/plain"),
        *_posts("[1]", content_type="application/x-www-form-urlencoded"),
        *_posts("[1]", content_type="application/json; charset=latin-1"),
        *_posts("[1]", accept="text/html"),
        *_posts("[1]", path="/invocations"),
        *_posts("[1]", path="/v1/models/model:predict_binary"),
        *_posts("[1]", path="/v1/models/any:predict?x=1"),
        *_posts("[1]", x_baseten_request_id="abc"),
    ],
)

RESULTS = ServedTruss(
    "results",
    """
    import datetime, decimal, enum, uuid, dataclasses
    import numpy as np
    import pydantic

    class Point(pydantic.BaseModel):
        x: int = pydantic.Field(1, serialization_alias="ex")
        y: float = 2.5

    class Own(pydantic.BaseModel):
        x: int = 1
        def json(self, **_):
            return '{"own": true}'

    class Color(enum.Enum):
        RED = 1

    class Level(enum.IntEnum):
        LOW = 1

    @dataclasses.dataclass
    class Data:
        x: int = 1

    async def coroutine():
        pass

    circle = []
    circle.append(circle)

    RESULTS = {
        "none": lambda: None, "true": lambda: True, "text": lambda: "é\\n", "surrogate": lambda: "\\ud800",
        "tuple": lambda: (1, (2,)), "nested": lambda: {"a": [{"b": None}], 1: 2, None: 3, True: 4, 1.5: 5},
        "nan": lambda: float("nan"), "infinities": lambda: [float("inf"), float("-inf")],
        "numpy": lambda: {"i": np.int64(1), "f": np.float32(0.5), "a": np.arange(4).reshape(2, 2)},
        "numpy_nan": lambda: np.array([1.0, float("nan")]), "numpy_bool": lambda: np.bool_(True),
        "numpy_text": lambda: np.array(["a", "b"]),
        "pydantic": Point, "own_json": Own, "pydantic_inside": lambda: [Point()], "set": lambda: {1},
        "bytes": lambda: b"abc", "date": lambda: datetime.date(2020, 1, 1), "decimal": lambda: decimal.Decimal(1),
        "uuid": lambda: uuid.UUID(int=0), "enum": lambda: Color.RED, "int_enum": lambda: Level.LOW,
        "dataclass": Data, "coroutine": coroutine, "circle": lambda: circle, "key": lambda: {(1, 2): 3},
        "nan_key": lambda: {float("nan"): 1}, "big": lambda: 10 ** 30, "iterator": lambda: iter([1]),
        "range": lambda: range(3), "exception": lambda: ValueError("x"),
    }

    class Model:
        def predict(self, model_input):
            return RESULTS[model_input]()
    """,
    _posts(
        *(
            f'"{name}"'
            for name in [
                "none",
                "true",
                "text",
                "surrogate",
                "tuple",
                "nested",
                "nan",
                "infinities",
                "numpy",
                "numpy_nan",
                "numpy_bool",
                "numpy_text",
                "pydantic",
                "own_json",
                "pydantic_inside",
                "set",
                "bytes",
                "date",
                "decimal",
                "uuid",
                "enum",
                "int_enum",
                "dataclass",
                "coroutine",
                "circle",
                "key",
                "nan_key",
                "big",
                "iterator",
                "range",
                "exception",
                "missing",
            ]
        )
    ),
)

ERRORS = ServedTruss(
    "errors",
    """
    import fastapi, starlette.exceptions, sys

    class Own(fastapi.HTTPException):
        pass

    class Model:
        async def predict(self, model_input):
            kind = model_input["kind"]
            if kind == "http":
                raise fastapi.HTTPException(model_input["status"], model_input["detail"])
            if kind == "http_headers":
                raise fastapi.HTTPException(429, "slow down", headers={"Retry-After": "5"})
            if kind == "http_subclass":
                raise Own(418, "short and stout")
            if kind == "http_default":
                raise fastapi.HTTPException(404)
            if kind == "starlette":
                raise starlette.exceptions.HTTPException(404, "not here")
            if kind == "base":
                raise BaseExceptionGroup("several", [ValueError("a"), KeyError("b")])
            if kind == "not_implemented":
                raise NotImplementedError("later")
            if kind == "stop":
                raise StopIteration(1)
            raise ValueError("secret detail")
    """,
    [
        *_posts(
            '{"kind": "value"}',
            '{"kind": "http", "status": 400, "detail": "bad input"}',
            '{"kind": "http", "status": 503, "detail": "busy"}',
            '{"kind": "http", "status": 422, "detail": {"field": ["a", 1]}}',
            '{"kind": "http", "status": 400, "detail": 5}',
            '{"kind": "http", "status": 400, "detail": null}',
            '{"kind": "http", "status": 299, "detail": "odd"}',
            '{"kind": "http_headers"}',
            '{"kind": "http_subclass"}',
            '{"kind": "http_default"}',
            '{"kind": "starlette"}',
            '{"kind": "not_implemented"}',
            '{"kind": "base"}',
            '{"kind": "stop"}',
            "{}",
        ),
        Ask.get("/v1/models/model"),
    ],
)

SYNC_ERRORS = ServedTruss(
    "sync-errors",
    """
    import fastapi

    class Model:
        def predict(self, model_input):
            if model_input == "http":
                raise fastapi.HTTPException(409, "conflict")
            return 1 / 0
    """,
    _posts('"http"', '"other"'),
)

PIPELINE = ServedTruss(
    "pipeline",
    """
    import fastapi
    from starlette.requests import Request
    from starlette.responses import Response, StreamingResponse

    class Model:
        def preprocess(self, model_input, request: Request):
            if model_input == "pre":
                raise fastapi.HTTPException(400, "from preprocess")
            if model_input == "raise":
                raise KeyError("x")
            return [model_input, request.headers.get("x-mine")]

        async def predict(self, model_input):
            if model_input[0] == "response":
                return Response("own")
            if model_input[0] == "streaming":
                return StreamingResponse(iter(["a"]))
            if model_input[0] == "stream":
                return (text for text in "abc")
            return {"predicted": model_input}

        def postprocess(self, result, request: Request):
            if result["predicted"][0] == "post":
                raise ValueError("late")
            return {**result, "method": request.method, "path": request.url.path}
    """,
    [
        *_posts('"ok"', '"pre"', '"raise"', '"response"', '"streaming"', '"stream"', '"post"'),
        *_posts('"ok"', x_mine="header"),
        *_posts('"ok"', path="/invocations"),
    ],
)

STREAM_POSTPROCESSED = ServedTruss(
    "stream-postprocessed",
    """
    class Model:
        def predict(self, model_input):
            yield "a"

        def postprocess(self, result):
            return result
    """,
    _posts("1"),
)

_STREAM_MODEL = """
    class Model:
        {define} predict(self, model_input):
            for chunk in {{
                "text": ["a", "é", "c\\n"], "bytes": [b"\\x00\\xff", b"end"], "none": [], "split": [b"\\xc3", b"\\xa9"],
                "empty": ["", "x", ""], "mixed": ["a", b"b"], "number": ["a", 1, "b"], "first": [1],
                "fail": ["a", ValueError("broken")], "fail_first": [ValueError("broken")], "dict": [{{"a": 1}}],
                "bytearray": [bytearray(b"ab")], "memoryview": [memoryview(b"ab")], "surrogate": ["\\ud800"],
                "html": ["<b>"], "none_chunk": ["a", None],
            }}[model_input]:
                if isinstance(chunk, Exception):
                    raise chunk
                yield chunk
"""
_STREAM_KINDS = [
    "text",
    "bytes",
    "none",
    "split",
    "empty",
    "mixed",
    "number",
    "first",
    "fail",
    "fail_first",
    "dict",
    "bytearray",
    "memoryview",
    "surrogate",
    "none_chunk",
    "missing",
]


def _stream_asks() -> list[Ask]:
    collected = [kind for kind in _STREAM_KINDS if kind not in ("memoryview",)]
    return [
        *_posts(*(f'"{kind}"' for kind in _STREAM_KINDS)),
        *_posts(*(f'"{kind}"' for kind in collected), accept="application/json"),
        *_posts('"text"', accept="application/json", user_agent="OpenAI/Python 1.61.0"),
        *_posts('"text"', accept="application/json, */*"),
        *_posts('"text"', accept="Application/JSON"),
        *_posts('"text"', accept="text/event-stream"),
        Ask(body=_packed("pHRleHQ="), headers={**BINARY, "accept": "application/json"}),
        Ask(body=_packed("pHRleHQ="), headers=BINARY),
        Ask.get("/v1/models/model/schema"),
    ]


STREAM = ServedTruss("stream", _STREAM_MODEL.format(define="def"), _stream_asks())
ASYNC_STREAM = ServedTruss("async-stream", _STREAM_MODEL.format(define="async def"), _stream_asks())

STREAM_GAP = ServedTruss(
    "stream-gap",
    """
    import time

    class Model:
        def predict(self, model_input):
            yield "a"
            time.sleep(model_input)
            yield "b"
    """,
    _posts("0", "1.5"),
    {"runtime": {"streaming_read_timeout": 1}},
)

RESPONSES = ServedTruss(
    "responses",
    """
    from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse

    def broken():
        yield "a"
        raise ValueError("broken")

    class Model:
        def predict(self, model_input):
            return {
                "json": lambda: JSONResponse({"a": 1}),
                "created": lambda: JSONResponse({"a": 1}, status_code=201),
                "text": lambda: PlainTextResponse("hi", headers={"X-Mine": "1"}),
                "redirect": lambda: RedirectResponse("/elsewhere", status_code=302),
                "missing": lambda: JSONResponse({"gone": True}, status_code=404),
                "failed": lambda: PlainTextResponse("no", status_code=500),
                "empty": lambda: Response(status_code=204),
                "stream": lambda: StreamingResponse(iter(["a", b"b"]), media_type="text/event-stream"),
                "teapot_stream": lambda: StreamingResponse(iter(["a"]), status_code=418),
                "broken": lambda: StreamingResponse(broken()),
            }[model_input]()
    """,
    _posts(
        *(
            f'"{name}"'
            for name in [
                "json",
                "created",
                "text",
                "redirect",
                "missing",
                "failed",
                "empty",
                "stream",
                "teapot_stream",
                "broken",
            ]
        )
    ),
)

PYDANTIC = ServedTruss(
    "pydantic",
    """
    import pydantic

    class Item(pydantic.BaseModel):
        name: str
        tags: list[int] = []
        alias: int = pydantic.Field(0, alias="aka")

    class Answer(pydantic.BaseModel):
        text: str = pydantic.Field(serialization_alias="txt")
        count: int

    class Model:
        def predict(self, model_input: Item) -> Answer:
            return Answer(text=f"{model_input!r}", count=len(model_input.tags))

        def completions(self, model_input):
            return f"{model_input!r}"
    """,
    [
        *_posts(
            '{"name": "a"}',
            '{"name": "a", "tags": [1, "2"], "aka": 3}',
            '{"name": 1}',
            '{"name": "a", "tags": [1, "x"]}',
            '{"tags": 5}',
            "{}",
            "[]",
            '"a"',
            "{",
            "",
            '{"name": "a", "other": 1}',
        ),
        Ask(body=b'"\xff"'),
        Ask(body=_packed("gaRuYW1loWE="), headers=BINARY),
        Ask(body=_packed("gaRuYW1lAQ=="), headers=BINARY),
        *_posts('{"name": "a"}', "{}", path="/v1/completions"),
        Ask.get("/v1/models/model/schema"),
        Ask.get("/v1/models/whatever/schema"),
    ],
)

PYDANTIC_BINARY = ServedTruss(
    "pydantic-binary",
    """
    import datetime
    import pydantic

    class Answer(pydantic.BaseModel):
        when: datetime.date
        data: bytes

    class Model:
        def predict(self, model_input):
            return Answer(when=datetime.date(2020, 1, 2), data=b"\\x00\\xff")
    """,
    [Ask(body=_packed("AQ=="), headers=BINARY), *_posts("1")],
)

SCHEMA_STREAM = ServedTruss(
    "schema-stream",
    """
    from collections.abc import Generator

    class Model:
        def predict(self, model_input: dict) -> Generator[str, None, None]:
            yield "a"
    """,
    [Ask.get("/v1/models/model/schema")],
)

SCHEMA_UNION = ServedTruss(
    "schema-union",
    """
    from typing import AsyncGenerator, Union
    from pydantic import BaseModel

    class Answer(BaseModel):
        text: str

    class Model:
        def predict(self, model_input) -> Union[Answer, AsyncGenerator[str, None]]:
            return Answer(text="a")
    """,
    [Ask.get("/v1/models/model/schema")],
)

SCHEMA_AWAITABLE = ServedTruss(
    "schema-awaitable",
    """
    from typing import Awaitable
    from pydantic import BaseModel

    class Answer(BaseModel):
        text: str

    class Model:
        def preprocess(self, model_input: Answer):
            return model_input

        async def predict(self, model_input) -> int:
            return model_input

        async def postprocess(self, result) -> Awaitable[Answer]:
            return result
    """,
    [Ask.get("/v1/models/model/schema"), *_posts('{"text": "x"}')],
)

ENDPOINTS = ServedTruss(
    "endpoints",
    """
    from starlette.requests import Request
    from fastapi import HTTPException
    from starlette.responses import JSONResponse

    class Model:
        def predict(self, model_input):
            return "predict"

        async def chat_completions(self, body, request: Request):
            if body.get("stream"):
                async def chunks():
                    yield 'data: {"n": 1}\\n\\n'
                    yield "data: [DONE]\\n\\n"
                return chunks()
            return {"body": body, "auth": request.headers.get("authorization")}

        def completions(self, body):
            if body.get("fail"):
                raise HTTPException(402, "pay")
            if body.get("stream"):
                return (text for text in "abc")
            return body["prompt"]

        def embeddings(self, request: Request):
            return request.url.path

        def messages(self, body):
            yield "event: a\\n\\n"

        async def responses(self, body):
            return JSONResponse({"error": "no"}, status_code=404)
    """,
    [
        *_posts('{"stream": false}', '{"stream": true}', "[", path="/v1/chat/completions"),
        Ask(
            path="/v1/chat/completions",
            body='{"stream": true}',
            headers={"accept": "application/json", "user-agent": "OpenAI/Python 1.61.0"},
        ),
        *_posts('{"stream": true}', path="/v1/chat/completions", accept="application/json"),
        *_posts("{}", path="/v1/chat/completions", authorization="Bearer x"),
        *_posts('{"prompt": 1}', "{}", '{"fail": 1}', '{"stream": 1}', path="/v1/completions"),
        *_posts('{"stream": 1}', path="/v1/completions", accept="application/json"),
        *_posts("{}", "[", path="/v1/embeddings"),
        *_posts("{}", path="/v1/messages"),
        *_posts("{}", path="/v1/messages", accept="application/json"),
        *_posts("{}", path="/v1/responses"),
        Ask("GET", "/v1/chat/completions"),
        Ask(path="/v1/chat/completions", body=_packed("gA=="), headers=BINARY),
    ],
)

REQUEST_ONLY = ServedTruss(
    "request-only",
    """
    from starlette.requests import Request

    class Model:
        async def predict(self, request: Request):
            body = await request.body()
            if body == b"json":
                return await request.json()
            if body == b"stream":
                return [part.decode() async for part in request.stream()]
            return {
                "body": repr(body), "query": dict(request.query_params), "method": request.method,
                "gone": await request.is_disconnected(), "watch": callable(request.state.watch_disconnect),
                "host": request.url.hostname, "mine": request.headers.get("x-mine"),
                "cookies": request.cookies, "path": request.url.path,
            }

        def completions(self, body):
            return [body]
    """,
    [
        *_posts("not json", "", "stream", "json"),
        Ask(path="/v1/models/model:predict?a=1&b=%C3%A9", body="x", headers={"x-mine": "1", "cookie": "c=d"}),
        Ask(path="/v1/models/a%20b:predict", body="x"),
        Ask(body=b"\xff", headers=BINARY),
        *_posts("{}", path="/v1/completions"),
    ],
)

MSGPACK = ServedTruss(
    "msgpack",
    """
    import datetime, decimal, uuid
    import numpy as np

    RESULTS = {
        "plain": lambda: {"a": [1, 2.5, None, True, "x", b"raw"]},
        "array": lambda: np.arange(6, dtype=np.int32).reshape(2, 3),
        "floats": lambda: {"x": np.array([0.5, float("nan")])},
        "scalar": lambda: [np.float32(1.5), np.int64(7), np.bool_(True)],
        "structured": lambda: np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
        "texts": lambda: np.array(["a", "bc"]),
        "zero_d": lambda: np.array(5),
        "fortran": lambda: np.asfortranarray(np.arange(4).reshape(2, 2)),
        "strided": lambda: np.arange(10)[::3],
        "complex": lambda: 1 + 2j,
        "datetime": lambda: datetime.datetime(2020, 1, 2, 3, 4, 5, 6),
        "aware": lambda: datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc),
        "date": lambda: datetime.date(2020, 1, 2),
        "time": lambda: datetime.time(1, 2, 3),
        "aware_time": lambda: datetime.time(1, tzinfo=datetime.timezone.utc),
        "delta": lambda: datetime.timedelta(days=1, seconds=2, microseconds=3),
        "decimal": lambda: decimal.Decimal("1.50"),
        "uuid": lambda: uuid.UUID(int=5),
        "bytes": lambda: b"as it is",
        "set": lambda: {1},
        "tuple": lambda: (1, 2),
        "big": lambda: 2 ** 70,
        "none": lambda: None,
    }

    class Model:
        def predict(self, model_input):
            if isinstance(model_input, str):
                return RESULTS[model_input]()
            return f"{type(model_input).__name__}: {model_input}"
    """,
    [
        *(
            Ask(body=bytes([0xA0 + len(name)]) + name.encode(), headers=BINARY)
            for name in [
                "plain",
                "array",
                "floats",
                "scalar",
                "structured",
                "texts",
                "zero_d",
                "fortran",
                "strided",
                "complex",
                "datetime",
                "aware",
                "date",
                "time",
                "aware_time",
                "delta",
                "decimal",
                "uuid",
                "bytes",
                "set",
                "tuple",
                "big",
                "none",
                "missing",
            ]
        ),
        *(
            Ask(body=body, headers=BINARY)
            for body in (
                b"",
                b"\xc1",  # a byte that msgpack never uses
                b"\x93\x01\x02",  # an array that ends early
                b"\x01\x02",  # two values
                *(
                    msgpack.packb(value)
                    for value in (
                        {"a": 1},
                        {b"nd": True},
                        {1: 2},
                        [{b"__dt_date_iso__": True, b"data": "2020-01-02"}],
                        {b"__dt_date_iso__": True, b"data": "bad"},
                        {b"__dt_date_iso__": True},
                        {b"__dt_date_iso__": True, b"data": 5},
                        {b"__dt_datetime_iso__": True, b"data": "2020-01-02T03:04:05Z"},
                        {b"__dt_time_iso__": True, b"data": "01:02:03"},
                        {b"__dt_time_iso__": True, b"data": "61:02:03"},
                        {b"__dt_timedelta__": True, b"data": [1, 2, 3]},
                        {b"__decimal__": True, b"data": "1.5"},
                        {b"__decimal__": True, b"data": "abc"},
                        {b"__uuid__": True, b"data": "00000000-0000-0000-0000-000000000005"},
                        {b"__uuid__": True, b"data": "no"},
                        _array("<i4", [2], bytes([1, 0, 0, 0, 2, 0, 0, 0])),
                        _array("<i4", [3], bytes(8)),
                        _array("<i4", [2], bytes(8), kind=b"O"),
                        _array([["a", "<i4"], ["b", "<f8"]], [1], bytes(12), kind=b"V"),
                        _array("nonsense", [1], bytes(8)),
                        {"x": [_array("<f8", [1, 1], bytes(8))]},
                        {b"nd": False, b"type": "<f4", b"data": b"\x00\x00\xc0\x3f"},
                        {b"complex": True, b"data": "(1+2j)"},
                        {b"complex": True, b"data": "one"},
                    )
                ),
            )
        ),
        Ask(body=_packed("gaFhAQ=="), headers={"content-type": "APPLICATION/Octet-Stream; x=1"}),
        Ask(path="/v1/models/model:predict_binary", body='{"a": 1}'),
        Ask(path="/invocations", body=_packed("gaFhAQ=="), headers=BINARY),
    ],
)

HEALTHY = ServedTruss(
    "healthy",
    """
    import os

    class Model:
        def is_healthy(self):
            if os.path.exists("raise"):
                raise ValueError("sick")
            return not os.path.exists("sick")

        def predict(self, model_input):
            return model_input
    """,
    [
        Ask.get("/v1/models/model"),
        Ask("GET", "/v1/models/model", after=["sick"]),
        Ask.get("/v1/models/model/loaded"),
        Ask.get("/ping"),
        *_posts("1"),
        Ask("GET", "/v1/models/model", after=["raise"]),
    ],
)

ASYNC_HEALTHY = ServedTruss(
    "async-healthy",
    """
    class Model:
        def __init__(self):
            self.answers = iter([True, 1, 0, None, "", "text"])

        async def is_healthy(self):
            return next(self.answers)

        def predict(self, model_input):
            return model_input
    """,
    [Ask.get("/v1/models/model") for _ in range(6)],
    ready="/ping",
)

LOADING = ServedTruss(
    "loading",
    """
    import os, time
    from pydantic import BaseModel

    class Item(BaseModel):
        x: int

    class Model:
        def load(self):
            open("loading", "w").close()
            while not os.path.exists("go"):
                time.sleep(0.01)

        def is_healthy(self):
            return True

        def predict(self, model_input: Item):
            return model_input.x

        def completions(self, model_input):
            return 1
    """,
    [
        Ask.get("/"),
        Ask.get("/v1/models/model"),
        Ask.get("/v1/models/model/loaded"),
        Ask.get("/v1/models/model/schema"),
        Ask.get("/ping"),
        Ask.get("/metrics/"),
        *_posts("{}", "{"),
        *_posts("{}", path="/invocations"),
        *_posts("{}", path="/v1/completions"),
        *_posts("{}", path="/v1/messages"),
        Ask("GET", "/v1/websocket", say=["hello"]),
    ],
    ready="",
)

CONSTRUCTING = ServedTruss(
    "constructing",
    """
    import os, time

    class Model:
        def __init__(self):
            open("loading", "w").close()
            while not os.path.exists("go"):
                time.sleep(0.01)

        def is_healthy(self):
            return True

        def predict(self, model_input):
            return 1
    """,
    [
        Ask.get("/"),
        Ask.get("/v1/models/model"),
        Ask.get("/v1/models/model/loaded"),
        Ask.get("/v1/models/model/schema"),
        *_posts("{}"),
        *_posts("{}", path="/v1/messages"),
    ],
    ready="",
)

LOADING_NO_SCHEMA = ServedTruss(
    "loading-no-schema",
    """
    import os, time

    class Model:
        def load(self):
            open("loading", "w").close()
            while not os.path.exists("go"):
                time.sleep(0.01)

        def predict(self, model_input):
            return 1
    """,
    [Ask.get("/v1/models/model/schema"), Ask.get("/v1/models/model"), Ask("GET", "/v1/websocket", say=["x"])],
    ready="",
)

WEBSOCKET = ServedTruss(
    "websocket",
    """
    from fastapi import HTTPException, WebSocket

    class Model:
        async def websocket(self, websocket: WebSocket):
            async for text in websocket.iter_text():
                if text == "end":
                    return
                if text == "raise":
                    raise ValueError("broken")
                if text == "http":
                    raise HTTPException(400, "bad")
                if text == "close":
                    await websocket.close(4000, "own reason")
                    return
                if text == "bytes":
                    await websocket.send_bytes(b"\\x00\\xff")
                if text == "path":
                    await websocket.send_json([websocket.url.path, dict(websocket.query_params)])
                await websocket.send_text(f"got {text}")
    """,
    [
        Ask("GET", "/v1/websocket", say=["a", "b", "end"]),
        Ask("GET", "/v1/websocket", say=["end"]),
        Ask("GET", "/v1/websocket", say=["a", "raise"]),
        Ask("GET", "/v1/websocket", say=["http"]),
        Ask("GET", "/v1/websocket", say=["close"]),
        Ask("GET", "/v1/websocket", say=["bytes", "end"]),
        Ask("GET", "/v1/websocket", say=[b"binary"]),
        Ask("GET", "/v1/websocket?a=1", say=["path", "end"]),
        *_posts("{}"),
        *_posts("{}", path="/v1/chat/completions"),
        Ask.get("/v1/models/model"),
        Ask.get("/v1/models/model/schema"),
    ],
)

METRICS = ServedTruss(
    "metrics",
    """
    from prometheus_client import Counter, Gauge

    CALLS = Counter("calls", "Calls so far", ["kind"])
    LEVEL = Gauge("level", "A level")

    class Model:
        def predict(self, model_input):
            CALLS.labels("predict").inc()
            LEVEL.set(model_input)
            return model_input
    """,
    [
        Ask.get("/metrics/"),
        *_posts("2.5"),
        Ask.get("/metrics/"),
        Ask.get("/metrics/?name[]=level"),
        Ask.get("/metrics/anything"),
        Ask.get("/metrics/", accept="application/openmetrics-text; version=1.0.0"),
    ],
)

CHUNKED_BODY = ServedTruss(
    "environment",
    """
    import os

    class Model:
        def __init__(self, environment, config):
            self.environment = environment
            self.config = config

        def predict(self, model_input):
            return [self.environment, self.config["model_name"], os.environ["MINE"]]
    """,
    _posts("1"),
    {"environment_variables": {"MINE": "x"}},
)

TRUSSES = [value for value in list(globals().values()) if isinstance(value, ServedTruss)]
