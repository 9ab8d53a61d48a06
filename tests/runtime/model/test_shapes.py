"""Live objects as the contract sees them."""

import collections.abc
import functools
import typing
from typing import Annotated, Any, Dict, Generator, List, Literal, Optional, Union  # noqa: UP035 - as models write

import fastapi
import pydantic
import pytest

from truss_cli.contract.shape import UNKNOWN_TYPE, Form, NoSelf, NotCallable, Shape, Type
from truss_cli.runtime.model.annotations import annotation_of, type_of
from truss_cli.runtime.model.shapes import bound_methods, construction_shape, instance_shape, shape_of

INT, STR, NONE = Type("builtins.int"), Type("builtins.str"), Type("builtins.None")


class Answer(pydantic.BaseModel):
    text: str


class Request(fastapi.Request):
    pass


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (None, NONE),
        (int, INT),
        (list[int], Type("builtins.list", (INT,))),
        (List[int], Type("typing.List", (INT,))),  # noqa: UP006
        (Dict, Type("typing.Dict")),  # noqa: UP006
        (Optional[int], Type("typing.Union", (INT, NONE))),  # noqa: UP045
        (Union[int, str, None], Type("typing.Union", (INT, STR, NONE))),  # noqa: UP007
        (int | str, Type("types.UnionType", (INT, STR))),
        (Annotated[int, "unit"], Type("typing.Annotated", (INT,))),
        (Literal["a"], Type("typing.Literal")),
        (Any, Type("typing.Any")),
        (Generator[str, None, None], Type("typing.Generator", (STR, NONE, NONE))),
        (collections.abc.Generator, Type("collections.abc.Generator")),
        (typing.Awaitable, Type("typing.Awaitable")),
        (fastapi.Request, Type("starlette.requests.Request")),
        (Answer, Type(f"{__name__}.Answer")),
        (3, UNKNOWN_TYPE),
    ],
)
def test_an_annotation_has_one_canonical_name(annotation: object, expected: Type) -> None:
    found = type_of(annotation)
    assert (found.name, [argument.name for argument in found.arguments], found.open) == (
        expected.name,
        [argument.name for argument in expected.arguments],
        expected.open,
    )


def test_classes_know_their_ancestors() -> None:
    assert type_of(Answer).is_a("pydantic.BaseModel")
    assert type_of(Request).is_a("starlette.requests.Request")


def test_a_string_is_looked_up_if_it_is_a_name() -> None:
    scope = {"Answer": Answer, "module": pydantic, "value": 3}
    for text, name in (
        ("Answer", "Answer"),
        ("module.BaseModel", "BaseModel"),
        ("int", "int"),
        ("None", "None"),
    ):
        found = annotation_of(text, scope)
        assert found.postponed
        assert found.type.name.endswith(name)
    for text in ("Nope", "list[int]", "value.real", "f()"):
        assert annotation_of(text, scope).type is UNKNOWN_TYPE


def test_callables_have_shapes() -> None:
    async def coroutine(value: int, /, *rest: str, key: bool = True) -> None: ...
    def generator() -> Generator[str, None, None]:
        yield ""

    shape = shape_of(coroutine)
    assert isinstance(shape, Shape)
    assert [(p.name, p.kind.name, p.required) for p in shape.parameters] == [
        ("value", "POSITIONAL_ONLY", True),
        ("rest", "VAR_POSITIONAL", False),
        ("key", "KEYWORD_ONLY", False),
    ]
    assert shape.form is Form.COROUTINE
    assert getattr(shape_of(functools.partial(generator)), "form", None) is Form.GENERATOR
    assert shape_of(3) == NotCallable("the number 3")
    assert shape_of(None) == NotCallable("None")
    assert shape_of("x") == NotCallable("a string")


def test_a_class_is_judged_by_its_construction_and_by_the_instance_it_makes() -> None:
    class Model:
        def __init__(self, config: dict[str, object]) -> None:
            self.predict = lambda value: (value, config)

        def predict(self, first: int, second: int) -> None: ...  # type: ignore[no-redef]
        def postprocess() -> None: ...  # type: ignore[misc]  # a mistake that models make

    construction = construction_shape(Model)
    assert isinstance(construction, Shape)
    assert [parameter.name for parameter in construction.parameters] == ["config"]
    members = instance_shape(bound_methods(Model({}))).members
    assert members["postprocess"] == NoSelf()
    assert isinstance(members["predict"], Shape)
    assert len(members["predict"].parameters) == 1
