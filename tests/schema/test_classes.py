"""Classes are read as Pydantic reads them when the model runs."""

from pathlib import Path

import pytest
from reading import by_pydantic, by_source

SOURCE = (Path(__file__).parent / "classes.txt").read_text("utf-8")
KNOWN, UNKNOWN = (
    (Path(__file__).parent / name).read_text("utf-8").split("---\n")
    for name in ("known_classes.txt", "unknown_classes.txt")
)
HEAD = """\
import datetime, decimal, enum, typing
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Optional, Union
from annotated_types import Ge, Len
import pydantic
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, RootModel
from pydantic.alias_generators import to_camel
from typing_extensions import NotRequired, Required, TypedDict, TypeAliasType
"""


@pytest.mark.parametrize(
    "annotation",
    [
        "Base",
        "Color",
        "Dict[str, Node] | list[Item]",
        "Item",
        "Level",
        "More",
        "Node",
        "A",
        "Opts",
        "Pair",
        "Point",
        "Rows",
        "Optional[Literal[Color.RED, 'x', None]]",
        "tuple[Item, ...]",
        "Annotated[list[int], Field(max_length=3)]",
    ],
)
def test_a_class_is_read_as_pydantic_reads_it(annotation: str, tmp_path: Path) -> None:
    assert by_source(SOURCE, annotation, tmp_path) == by_pydantic(SOURCE, annotation)


@pytest.mark.parametrize("body", KNOWN)
def test_what_a_class_body_says_is_understood(body: str, tmp_path: Path) -> None:
    assert by_source(HEAD + body, "X", tmp_path) == by_pydantic(HEAD + body, "X")


@pytest.mark.parametrize("body", UNKNOWN)
def test_what_cannot_be_known_is_anything(body: str, tmp_path: Path) -> None:
    assert by_source(HEAD + body, "X", tmp_path) == [{}, {}]


def test_an_unknown_part_leaves_the_rest_known(tmp_path: Path) -> None:
    body = "class X(BaseModel):\n    a: list[Unknown]\n    b: int = compute()\n    c: Unknown | int = 3\n"
    schema, _ = by_source(HEAD + body, "X", tmp_path)
    assert schema["properties"] == {
        "a": {"items": {}, "title": "A", "type": "array"},
        "b": {"title": "B", "type": "integer"},
        "c": {"anyOf": [{}, {"type": "integer"}], "default": 3, "title": "C"},
    }
    assert schema["required"] == ["a"]


def test_nothing_of_the_source_is_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    run = f"__import__('pathlib').Path({str(marker)!r}).touch()"
    fields = f"    a: int = {run}\n    b: Annotated[int, Field(ge={run})] = Field({run})\n"
    body = f"class X(BaseModel):\n{fields}    {run}\n"
    assert by_source(HEAD + body, "X", tmp_path) == [{}, {}]
    by_source(HEAD + body.replace(f"    {run}\n", ""), "X", tmp_path)
    assert not marker.exists()
