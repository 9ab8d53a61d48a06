# ruff: noqa: UP042, UP045 - the older forms are to be read too
"""Classes of every kind that annotations name; read as source by one view, and imported by the other."""

import dataclasses
import enum
import typing

import pydantic
import starlette.requests
from pydantic import BaseModel

T = typing.TypeVar("T")
UserId = typing.NewType("UserId", int)
Scores = dict[str, float]


class Plain: ...


Maybe = typing.Optional[Plain]


class MyRequest(starlette.requests.Request): ...


class Output(BaseModel):
    text: str


class Deep(Output):
    more: str


class Box(BaseModel, typing.Generic[T]):
    content: T


class Roots(pydantic.RootModel[list[int]]): ...


class Crate(typing.Generic[T]): ...


class Row(typing.TypedDict):
    id: int


class Pair(typing.NamedTuple):
    left: int


class Color(enum.Enum):
    RED = 1


class Mode(str, enum.Enum):
    FAST = "fast"


class Level(enum.IntEnum):
    LOW = 1


class FailureError(ValueError): ...


class Counts(dict[str, int]): ...


@dataclasses.dataclass
class Data:
    size: int


class Shape(typing.Protocol):
    sides: int
