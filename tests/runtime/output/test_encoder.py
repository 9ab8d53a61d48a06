import datetime as dt
import decimal
import enum
import json
import math
import pathlib
import uuid
from collections import OrderedDict, deque, namedtuple
from dataclasses import dataclass

import numpy as np
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truss_cli.errors import TrussError
from truss_cli.runtime.output.encoder import encode

Pair = namedtuple("Pair", "first second")  # noqa: PYI024 - what models return


class Level(enum.IntEnum):
    HIGH = 3


class Plain(enum.Enum):
    A = "a"


class Answer(pydantic.BaseModel):
    text: str
    score: float = 1.0


class OwnJson(pydantic.BaseModel):
    def json(self, **_: object) -> str:
        return '{"own": true}'


class Constants(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(ser_json_inf_nan="constants")
    scores: list[float] = [math.nan]
    word: str = "NaN"


@dataclass
class Point:
    x: int


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (None, "null"),
        ({"a": [1, 2.5, "é", True]}, '{"a": [1, 2.5, "\\u00e9", true]}'),
        ((1, 2), "[1, 2]"),
        (Pair(1, 2), "[1, 2]"),
        (OrderedDict(a=1), '{"a": 1}'),
        ([Level.HIGH], "[3]"),
        ("\ud800", '"\\ud800"'),
        (
            {1: 1, 2.5: 2, None: 4, False: 5},
            '{"1": 1, "2.5": 2, "null": 4, "false": 5}',
        ),
        ({math.nan: 1}, '{"NaN": 1}'),
        (Answer(text="é"), '{"text":"é","score":1.0}'),
        (Answer(text="", score=math.nan), '{"text":"","score":null}'),
        (OwnJson(), '{"own": true}'),
        (Constants(scores=[]), '{"scores":[],"word":"NaN"}'),
        ({"a": np.int8(1), "b": np.float16(1.5), "c": np.arange(3)}, '{"a": 1, "b": 1.5, "c": [0, 1, 2]}'),
        (np.float32(0.1), "0.10000000149011612"),
        (np.array([["x"], ["y"]]), '[["x"], ["y"]]'),
        (np.array([True]), "[true]"),
        (np.ma.masked_array([1, 2], mask=[False, True]), "[1, null]"),
        ({np.str_("k"): np.float64(1)}, '{"k": 1.0}'),
    ],
)
def test_a_result_is_encoded_as_the_server_encodes_it(result: object, text: str) -> None:
    assert encode(result).decode() == text


@pytest.mark.parametrize(
    ("result", "message", "fix"),
    [
        ({"scores": [1.0, 2.0, 0.5, math.nan]}, "$.scores[3] is NaN", "None"),
        ([math.inf], "$[0] is Infinity", "None"),
        (-math.inf, "$ is -Infinity", "None"),
        ({"when": dt.datetime(2020, 1, 1)}, "$.when: datetime is not JSON serializable", "isoformat"),  # noqa: DTZ001
        ({"a b": dt.date(2020, 1, 1)}, "$['a b']: date is not", "isoformat"),
        ({1, 2}, "$: set is not", "list"),
        (b"x", "$: bytes is not", "decode"),
        ([decimal.Decimal(1)], "$[0]: Decimal is not", "float"),
        (uuid.UUID(int=0), "$: UUID is not", "str"),
        (pathlib.Path("x"), "$: PosixPath is not", "str"),
        (Point(1), "$: Point is not", "asdict"),
        (Plain.A, "$: Plain is not", "`.value`"),
        ({"o": [Answer(text="")]}, "$.o[0]: Answer is not", "model_dump"),
        (deque([1]), "$: deque is not", "list"),
        (np.bool_(1), "$: bool", "bool(...)"),
        (np.datetime64("2020"), "$: datetime64 is not", "str"),
        (np.array([1.0, np.nan]), "$[1] is NaN", "None"),
        (np.array([b"x"]), "$[0]: bytes is not", "decode"),
        ({np.int64(1): 1}, "$ has a key of type int64", "str(key)"),
        ({"a": {(1, 2): 1}}, "$.a has a key of type tuple: (1, 2)", "str(key)"),
        (iter([1]), "$: list_iterator is not", "Return"),
        (Constants(), "$.scores[0] is NaN", "None"),
        (3j, "$: complex is not", "real"),
    ],
)
def test_what_cannot_be_sent_is_named_with_its_path_and_the_way_to_fix_it(
    result: object, message: str, fix: str
) -> None:
    with pytest.raises(TrussError) as raised:
        encode(result)
    assert message in raised.value.message
    assert fix in (raised.value.hint or "")
    assert raised.value.exit_code == 1


def test_a_number_with_too_many_digits_is_refused() -> None:
    with pytest.raises(TrussError, match=r"\$\.n is an integer with too many digits"):
        encode({"n": 10**5000})


def test_a_result_without_end_is_refused() -> None:
    circle: list[object] = []
    circle.append({"again": circle})
    with pytest.raises(TrussError, match=r"\$\[0\]\.again contains itself"):
        encode(circle)
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(TrussError, match="nested too deeply"):
        encode(deep)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(JSON)
def test_what_is_json_survives(value: object) -> None:
    assert json.loads(encode(value)) == value
    assert b"\n" not in encode(value)


@given(JSON, st.sampled_from([math.nan, b"", {1}, object()]))
def test_one_bad_value_anywhere_is_found(value: object, bad: object) -> None:
    with pytest.raises(TrussError, match=r"\$\.found"):
        encode({"first": value, "found": bad})
