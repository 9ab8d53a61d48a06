"""Streams, sent as they come or collected."""

from serve.trusses.served_truss import BINARY, Ask, ServedTruss, packed, posts

_STREAM_MODEL = """
    class Model:
        {define} predict(self, model_input):
            for chunk in {{
                "text": ["a", "é", "c\\n"],
                "bytes": [b"\\x00\\xff", b"end"], "none": [], "split": [b"\\xc3", b"\\xa9"],
                "empty": ["", "x", ""], "mixed": ["a", b"b"], "number": ["a", 1, "b"], "first": [1],
                "fail": ["a", ValueError("broken")], "fail_first": [ValueError("broken")],
                "dict": [{{"a": 1}}],
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
    collected = [kind for kind in _STREAM_KINDS if kind != "memoryview"]
    return [
        *posts(*(f'"{kind}"' for kind in _STREAM_KINDS)),
        *posts(*(f'"{kind}"' for kind in collected), accept="application/json"),
        *posts('"text"', accept="application/json", user_agent="OpenAI/Python 1.61.0"),
        *posts('"text"', accept="application/json, */*"),
        *posts('"text"', accept="Application/JSON"),
        *posts('"text"', accept="text/event-stream"),
        Ask(body=packed("pHRleHQ="), headers={**BINARY, "accept": "application/json"}),
        Ask(body=packed("pHRleHQ="), headers=BINARY),
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
    posts("0", "1.5"),
    {"runtime": {"streaming_read_timeout": 1}},
)
