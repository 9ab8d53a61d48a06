"""Results of every kind, errors and responses."""

from serve.trusses.served_truss import Ask, ServedTruss, posts

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
        "bytes": lambda: b"abc", "date": lambda: datetime.date(2020, 1, 1),
        "decimal": lambda: decimal.Decimal(1),
        "uuid": lambda: uuid.UUID(int=0), "enum": lambda: Color.RED, "int_enum": lambda: Level.LOW,
        "dataclass": Data, "coroutine": coroutine, "circle": lambda: circle, "key": lambda: {(1, 2): 3},
        "nan_key": lambda: {float("nan"): 1}, "big": lambda: 10 ** 30, "iterator": lambda: iter([1]),
        "range": lambda: range(3), "exception": lambda: ValueError("x"),
    }

    class Model:
        def predict(self, model_input):
            return RESULTS[model_input]()
    """,
    posts(
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
        *posts(
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
    posts('"http"', '"other"'),
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
        *posts('"ok"', '"pre"', '"raise"', '"response"', '"streaming"', '"stream"', '"post"'),
        *posts('"ok"', x_mine="header"),
        *posts('"ok"', path="/invocations"),
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
    posts("1"),
)


RESPONSES = ServedTruss(
    "responses",
    """
    from fastapi.responses import (
        JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse,
    )

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
    posts(
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
