"""Bodies: JSON, and what is none; Pydantic inputs and the schemas of models."""

from serve.trusses.served_truss import BINARY, Ask, ServedTruss, packed, posts

INPUTS = ServedTruss(
    "inputs",
    """
    class Model:
        def predict(self, model_input):
            return [type(model_input).__name__, model_input]
    """,
    [
        *posts(
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
        *posts("[1]", content_type="text/plain"),
        *posts("[1]", content_type="application/x-www-form-urlencoded"),
        *posts("[1]", content_type="application/json; charset=latin-1"),
        *posts("[1]", accept="text/html"),
        *posts("[1]", path="/invocations"),
        *posts("[1]", path="/v1/models/model:predict_binary"),
        *posts("[1]", path="/v1/models/any:predict?x=1"),
        *posts("[1]", x_baseten_request_id="abc"),
    ],
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
        *posts(
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
        Ask(body=packed("gaRuYW1loWE="), headers=BINARY),
        Ask(body=packed("gaRuYW1lAQ=="), headers=BINARY),
        *posts('{"name": "a"}', "{}", path="/v1/completions"),
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
    [Ask(body=packed("AQ=="), headers=BINARY), *posts("1")],
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
    [Ask.get("/v1/models/model/schema"), *posts('{"text": "x"}')],
)
