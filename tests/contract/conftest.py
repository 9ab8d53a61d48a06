"""Models as source, with methods of every form."""

import pytest
from hypothesis import strategies as st

from truss_cli.contract.terms import METHODS

HEADER = """\
import collections, dataclasses, datetime, decimal, enum, fastapi, functools
import pathlib, re, typing, uuid, numpy as np
import collections.abc as abc
import starlette.requests as requests
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from typing import Any, Annotated, Dict, List, Literal, Optional, Tuple, Type, Union

import kinds
from fastapi import Request as Req, WebSocket
from kinds import Box, Color, Counts, Crate, Data, Deep, FailureError, Level, Mode, MyRequest
from kinds import Output, Pair, Plain, Maybe, Roots, Row, Scores, Shape, T, UserId
from pydantic import BaseModel, RootModel
from starlette.requests import Request


def keeping(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def hiding(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def other(first, second: int = 1):
    return first


"""
_NAMES = """
int str bool dict list tuple set bytes object type None float complex range Exception
Any typing.Any typing.Text Dict List Tuple typing.Iterator typing.Awaitable typing.Coroutine typing.NoReturn
abc.Awaitable abc.Coroutine abc.Mapping Mapping Iterator Callable typing.Generator AsyncGenerator
typing.Hashable
Request Req requests.Request fastapi.Request MyRequest kinds.MyRequest WebSocket fastapi.WebSocket
requests.HTTPConnection fastapi.Response fastapi.responses.StreamingResponse fastapi.BackgroundTasks
BaseModel Output kinds.Output Deep Box Roots RootModel Row Pair Color Mode Level FailureError Counts Data
Shape Plain Crate Maybe Scores T UserId np.ndarray np.bool_ np.float32 datetime.datetime decimal.Decimal
uuid.UUID pathlib.Path collections.OrderedDict collections.defaultdict collections.deque
enum.Enum re.Pattern typing.Pattern
"""
NAMES = _NAMES.split()
FORMS = [
    *(
        "list[{}]",
        "dict[str, {}]",
        "tuple[{}, ...]",
        "set[{}]",
        "type[{}]",
        "List[{}]",
        "Dict[str, {}]",
        "Tuple[{}, int]",
    ),
    *(
        "Type[{}]",
        "Optional[{}]",
        "Union[{}, str]",
        "Union[None, {}]",
        "Annotated[{}, 'a', 1]",
        "Iterator[{}]",
    ),
    *("typing.Iterator[{}]", "AsyncGenerator[{}, None]", "typing.AsyncIterator[{}]", "Callable[[{}], int]"),
    *(
        "typing.Callable[..., {}]",
        "typing.Awaitable[{}]",
        "abc.Awaitable[{}]",
        "typing.Coroutine[int, str, {}]",
    ),
    *(
        "abc.Coroutine[int, str, {}]",
        "typing.Sequence[{}]",
        "Mapping[str, {}]",
        "Box[{}]",
        "Crate[{}]",
        "typing.ClassVar[{}]",
    ),
    *(
        "collections.OrderedDict[str, {}]",
        "typing.OrderedDict[str, {}]",
        "typing.Deque[{}]",
        "typing.Final[{}]",
    ),
]

_names = st.sampled_from(NAMES)
_types = st.recursive(
    _names
    | st.sampled_from(["Literal['a', 1]", "int | None", "Request | None", "dict | Output", "Optional[Req]"]),
    lambda inner: st.builds(lambda form, name: form.format(name), st.sampled_from(FORMS), inner),
    max_leaves=2,
)
_annotations = (
    st.none()
    | _types
    | _types.map(repr)
    | st.sampled_from(["'no type'", "'dict | None'", "''", "' Request '"])
)

BODIES = [
    *(
        "pass",
        "return 1",
        "yield 1",
        "x = yield",
        "if 0: yield",
        "f = lambda: (yield)",
        "return [x for x in ()]",
    ),
    *(
        "def inner(): yield 1",
        "async def inner(): yield 1",
        "class Inner: x = lambda: (yield)",
        "return (x for x in ())",
    ),
    *(
        "with open('a') as f: yield f",
        "try: pass\n        finally: yield",
        "match 1:\n            case 1: yield",
    ),
]
DECORATORS = [
    *(
        "staticmethod",
        "classmethod",
        "keeping",
        "hiding",
        "functools.lru_cache",
        "functools.cache",
        "typing.final",
    ),
    *("functools.lru_cache(maxsize=1)", "typing.no_type_check"),
]
ASSIGNED = [
    *(
        "3",
        "None",
        "'a'",
        "[]",
        "{}",
        "other",
        "lambda self, a: a",
        "staticmethod(other)",
        "keeping(other)",
        "len",
        "print",
    ),
    *(
        "functools.partialmethod(other, 1)",
        "functools.partial(other, 1)",
        "Plain",
        "1 + 1",
        "f'a'",
        "-1",
        "()",
        "True",
    ),
]


@st.composite
def _signatures(draw: st.DrawFn) -> str:
    """Return the parameters of a method: mostly `self` and a few, sometimes of every kind."""
    names = iter(["self", "a", "b", "c", "d", "e", "f"])
    counts = draw(st.tuples(*[st.integers(0, most) for most in (1, 3, 1, 1, 1)]))
    only, plain, star, keywords, stars = counts
    parts = [_parameter(draw, next(names)) for _ in range(only + plain)]
    defaults = draw(st.integers(0, len(parts)))
    parts = [part if index < defaults else f"{part} = 1" for index, part in enumerate(parts)]
    if only:
        parts.insert(only, "/")
    if star:
        parts.append(f"*{_parameter(draw, 'rest')}")
    elif keywords:
        parts.append("*")
    parts += [_parameter(draw, next(names)) + draw(st.sampled_from(["", " = 1"])) for _ in range(keywords)]
    if stars:
        parts.append(f"**{_parameter(draw, 'others')}")
    return ", ".join(parts)


def _parameter(draw: st.DrawFn, name: str) -> str:
    annotation = None if name == "self" else draw(_annotations)
    return name if annotation is None else f"{name}: {annotation}"


@st.composite
def _methods(draw: st.DrawFn, name: str) -> str:
    """Return a method, or something else bound to its name."""
    if name != "__init__" and draw(st.integers(0, 9)) == 0:
        return f"    {name} = {draw(st.sampled_from(ASSIGNED))}\n"
    decorator = (
        draw(st.sampled_from(DECORATORS)) if draw(st.integers(0, 4)) == 0 and name != "__init__" else None
    )
    keyword = draw(st.sampled_from(["def", "def", "async def"]))
    returns = draw(_annotations)
    arrow = "" if returns is None else f" -> {returns}"
    first = "" if decorator is None else f"    @{decorator}\n"
    head = f"{first}    {keyword} {name}({draw(_signatures())}){arrow}"
    return f"{head}:\n        {draw(st.sampled_from(BODIES))}\n"


@st.composite
def _classes(draw: st.DrawFn, head: str) -> str:
    """Return a class with some of the methods that the server looks for."""
    names = draw(st.lists(st.sampled_from(["__init__", *METHODS]), max_size=4, unique=True))
    return f"class {head}:\n    x = 1\n" + "".join(draw(_methods(name)) for name in names) + "\n"


@pytest.fixture(scope="session")
def models() -> st.SearchStrategy[str]:
    """Sources of model.py, each valid Python."""
    return _models()


@st.composite
def _models(draw: st.DrawFn) -> str:
    """Return a model.py, in which `Model` may inherit from three other classes."""
    future = "from __future__ import annotations\n" if draw(st.integers(0, 4)) == 0 else ""
    if draw(st.booleans()):
        heads = [
            "A",
            "B(A)",
            "C(A)",
            draw(st.sampled_from(["Model(B, C)", "Model(C)", "Model(B, typing.Generic[T])"])),
        ]
    else:
        heads = ["Model"]
    return future + HEADER + "".join(draw(_classes(head)) for head in heads)
