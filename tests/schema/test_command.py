"""`truss schema` as its users run it."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from callables import Run, WriteTruss

MODEL = '''
from collections.abc import Iterator
from pydantic import BaseModel, Field
from starlette.requests import Request


class Word(BaseModel):
    text: str = Field(alias="wordText")


class Input(BaseModel):
    """What to find."""

    words: list[Word]
    top_k: int = Field(3, ge=1, le=50)


class Output(BaseModel):
    best: Word
    scores: dict[str, float] = {}


class Model:
    """Finds words."""

    def predict(self, model_input: Input) -> Output:
        """Find the words.

        Slowly.
        """
        return Output(best=model_input.words[0])

    def chat_completions(self, model_input: dict, request: Request) -> dict:
        return {}
'''
CONFIG = """\
model_name: finder
model_metadata:
  example_model_input: {words: [{wordText: "a"}], day: 2024-01-02}
"""


@pytest.fixture
def truss(write_truss: WriteTruss) -> Path:
    return write_truss({"model/model.py": MODEL, "config.yaml": CONFIG})


def _json(run: Run, *arguments: str | Path) -> Any:  # noqa: ANN401 - JSON
    done = run("schema", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_both_schemas_are_printed_as_the_deployed_route_has_them(truss: Path, run: Run) -> None:
    both = _json(run, truss)
    assert both.keys() == {"input_schema", "output_schema", "supports_streaming"}
    assert both["input_schema"]["description"] == "What to find."
    assert both["input_schema"]["properties"]["top_k"]["maximum"] == 50
    assert both["input_schema"]["required"] == ["words"]
    assert both["supports_streaming"] is False


def test_callers_send_aliases_and_get_names(truss: Path, run: Run) -> None:
    taken, given = _json(run, truss, "--input"), _json(run, truss, "--output")
    Draft202012Validator(taken).validate({"words": [{"wordText": "a"}]})
    assert not Draft202012Validator(taken).is_valid({"words": [{"text": "a"}]})
    Draft202012Validator(given).validate({"best": {"text": "a"}, "scores": {}})
    assert not Draft202012Validator(given).is_valid({"best": {"wordText": "a"}, "scores": {}})


def test_the_openapi_document_is_one(truss: Path, run: Run) -> None:
    document = _json(run, truss, "--openapi")
    validate(document)
    assert document["info"] == {"title": "finder", "version": "0", "description": "Finds words."}
    assert set(document["paths"]) == {"/v1/models/model", "/v1/models/model:predict", "/v1/chat/completions"}
    predict = document["paths"]["/v1/models/model:predict"]["post"]
    assert predict["description"] == "Find the words.\n\nSlowly."
    body = predict["requestBody"]["content"]["application/json"]
    assert body["example"] == {"words": [{"wordText": "a"}], "day": "2024-01-02"}
    schemas = document["components"]["schemas"]
    assert {"Error", "Word", "WordOutput"} <= schemas.keys()
    assert schemas["Word"]["required"] == ["wordText"]
    assert schemas["WordOutput"]["required"] == ["text"]


STREAM = """
from typing import AsyncIterator, Generator, Union
from collections.abc import Iterable
import pydantic
class Chunk(pydantic.BaseModel):
    a: int
class Model:
    def predict(self, i: dict) -> RETURNS:
        BODY
"""


@pytest.mark.parametrize(
    ("returns", "body", "streams", "output"),
    [
        ("Generator[str, None, None]", "yield 'a'", True, {"type": "string"}),
        ("Iterable[str]", "yield 'a'", True, {"type": "string"}),
        ("AsyncIterator[bytes]", "return stream()", True, {"type": "string"}),
        ("'Generator[str, None, None]'", "return stream()", True, {"type": "string"}),
        ("Iterable[str]", "return ['a']", False, {"items": {"type": "string"}, "type": "array"}),
        ("list[int] | None", "return []", False, None),
        ("Union[list[int], Generator[str, None, None]]", "return []", True, None),
    ],
)
def test_streams_are_text(  # noqa: PLR0913, PLR0917 - four of a case, and the fixtures
    returns: str,
    body: str,
    streams: bool,  # noqa: FBT001 - expected
    output: dict[str, Any] | None,
    run: Run,
    write_truss: WriteTruss,
) -> None:
    truss = write_truss({"model/model.py": STREAM.replace("RETURNS", returns).replace("BODY", body)})
    both = _json(run, truss)
    assert both["supports_streaming"] is streams
    if output is not None:
        assert both["output_schema"] == output
    document = _json(run, truss, "--openapi")
    validate(document)
    content = document["paths"]["/v1/models/model:predict"]["post"]["responses"]["200"]["content"]
    assert ("application/octet-stream" in content) == streams


def test_awaited_results_and_helpers_in_other_files(run: Run, write_truss: WriteTruss) -> None:
    model = "from shapes import Box\nfrom model.more import Out\nfrom typing import Awaitable\nclass Model:\n"
    model += "    def preprocess(self, i: Box): return i\n    def predict(self, x: int): return x\n"
    model += "    def postprocess(self, y: int) -> Awaitable[Out]: return y\n"
    box = "import pydantic\nclass Box(pydantic.BaseModel):\n    side: float\n"
    more = "import typing_extensions\nclass Out(typing_extensions.TypedDict):\n    area: float\n"
    both = _json(
        run, write_truss({"model/model.py": model, "packages/shapes.py": box, "model/more.py": more})
    )
    assert both["input_schema"]["properties"] == {"side": {"title": "Side", "type": "number"}}
    assert both["output_schema"]["title"] == "Out"


@pytest.mark.parametrize(
    "model",
    [
        "class Model:\n    def predict(self, i): return i\n",
        "from elsewhere import Model\n",
        "class Model:\n    async def websocket(self, ws): ...\n",
        "from starlette.requests import Request\nclass Model:\n    def predict(self, r: Request): return 1\n",
    ],
)
def test_what_is_not_known_is_anything(model: str, run: Run, write_truss: WriteTruss) -> None:
    truss = write_truss({"model/model.py": model})
    assert _json(run, truss) == {"input_schema": {}, "output_schema": {}, "supports_streaming": False}
    validate(_json(run, truss, "--openapi"))


@pytest.mark.parametrize(
    ("files", "arguments", "code", "message"),
    [
        ({}, ["nowhere"], 2, "nowhere is not a folder"),
        ({}, ["truss", "--input", "--openapi"], 2, "more than one of --input, --output and --openapi"),
        ({"model/model.py": "class Modle: ...\n"}, ["truss"], 1, "has no class `Model`"),
        ({"model/model.py": "class Model(:\n"}, ["truss"], 1, "cannot be parsed"),
        (
            {"config.yaml": "docker_server: {}\n"},
            ["truss"],
            1,
            "does not exist, so there is no schema to read",
        ),
        ({}, ["."], 2, "is not a truss: it has no config.yaml"),
    ],
)
def test_errors(  # noqa: PLR0913, PLR0917 - four of a case, and the fixtures
    files: dict[str, str], arguments: list[str], code: int, message: str, run: Run, write_truss: WriteTruss
) -> None:
    write_truss(files)
    done = run("schema", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_what_json_cannot_hold_is_left_out(run: Run, write_truss: WriteTruss) -> None:
    model = "import pydantic\nclass X(pydantic.BaseModel):\n    a: float = 1e999\n"
    model += "    b: bytes = b'\\xff'\n    c: int = 1\n"
    model += "class Model:\n    def predict(self, i: X): return i\n"
    config = "model_metadata: {example_model_input: {a: .nan, b: [.inf, 1], 3: x}}\n"
    truss = write_truss({"model/model.py": model, "config.yaml": config})
    properties = _json(run, truss, "--input")["properties"]
    assert [name for name in properties if "default" in properties[name]] == ["c"]
    document = _json(run, truss, "--openapi")
    body = document["paths"]["/v1/models/model:predict"]["post"]["requestBody"]["content"]["application/json"]
    assert body["example"] == {"b": [1], "3": "x"}


def test_hostile_source_takes_no_time_and_runs_nothing(run: Run, write_truss: WriteTruss) -> None:
    nested = "list[" * 80 + "int" + "]" * 80
    model = f"""
import os, pydantic
from typing import *
N = 9 * 9999999999999999999999 * 9999999999999999999999
A = B
B = A
os.mkdir("ran")
class X(pydantic.BaseModel):
    a: {nested}
    b: 'A' = N
    c: 'X | Y' = None
    d: "(" = pydantic.Field(pattern="(" * 50)
class Y(X):
    e: "Y"
class Model:
    def predict(self, i: Y) -> "X[Y]": return i
"""
    truss = write_truss({"model/model.py": model})
    assert _json(run, truss, "--openapi")["openapi"] == "3.1.0"
    assert not (truss / "ran").exists()
    assert not (truss.parent / "ran").exists()
