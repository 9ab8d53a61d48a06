"""Values of the type expressions of the tables, and the values that a type accepts."""

import pytest

from truss_cli.static.interpreter.handlers import TABLES
from truss_cli.static.interpreter.interpreter import AbstractInterpreter
from truss_cli.static.interpreter.types import accepts, parsed, value_of_type
from truss_cli.static.names.symbols import Symbols
from truss_cli.static.values.values import (
    JSON,
    NONE,
    UNKNOWN,
    AbstractValue,
    Container,
    Entries,
    Items,
    TupleValue,
    Typed,
    constant,
    join,
)

INT, STR, BYTES = Typed("builtins.int"), Typed("builtins.str"), Typed("builtins.bytes")


@pytest.fixture
def interpreter() -> AbstractInterpreter:
    return AbstractInterpreter(Symbols([]), TABLES, (3, 11))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("builtins.int", INT),
        ("None", NONE),
        ("builtins.str | None", join([STR, NONE])),
        ("?", UNKNOWN),
        ("builtins.object", UNKNOWN),
        ("typing.Any", UNKNOWN),
        ("Literal['a', 'b']", join([constant("a"), constant("b")])),
        ("builtins.tuple[builtins.int, builtins.str]", TupleValue((INT, STR))),
        ("builtins.tuple[builtins.int, ...]", Typed("builtins.tuple", (INT,))),
        ("typing.Iterator[builtins.int]", Typed("typing.Iterator", (INT,))),
        ("types.CoroutineType[?, ?, builtins.int]", Typed("types.CoroutineType", (INT,))),
        ("numpy.bool", Typed("numpy.bool_")),
        ("~T", BYTES),
        ("~Other", UNKNOWN),
        ("Self", STR),
    ],
)
def test_values_of_types(text: str, value: AbstractValue, interpreter: AbstractInterpreter) -> None:
    assert value_of_type(interpreter, text, {"T": BYTES}, constant("a")) == value


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("builtins.list[builtins.int]", Items((), INT)),
        ("builtins.set", Items((), UNKNOWN)),
        ("builtins.dict[builtins.str, builtins.int]", Entries({}, STR, INT)),
        ("collections.Counter[builtins.str]", Entries({}, STR, INT)),
    ],
)
def test_contents_of_containers(
    text: str, content: Items | Entries, interpreter: AbstractInterpreter
) -> None:
    value = value_of_type(interpreter, text)
    assert isinstance(value, Container)
    assert value.type == text.partition("[")[0]
    assert interpreter.content(value) == content


@pytest.mark.parametrize(
    ("text", "value", "outcome"),
    [
        ("builtins.int", INT, True),
        ("builtins.int", constant(value=True), True),
        ("builtins.float", INT, True),
        ("builtins.float", constant(value=True), True),
        ("builtins.int", STR, False),
        ("builtins.int", JSON, None),
        ("builtins.int", UNKNOWN, None),
        ("builtins.int", join([INT, STR]), None),
        ("builtins.int", join([BYTES, STR]), False),
        ("builtins.int | builtins.str", STR, True),
        ("builtins.int | None", NONE, True),
        ("builtins.int | None", STR, False),
        ("None", INT, False),
        ("~T", STR, True),
        ("builtins.object", UNKNOWN, True),
        ("Literal['a']", constant("a"), True),
        ("Literal['a']", constant("b"), False),
        ("Literal[1]", constant(value=True), False),
        ("Literal['a']", STR, None),
        ("Literal['a']", INT, False),
        ("collections.abc.Buffer", STR, None),
    ],
)
def test_values_that_a_type_accepts(
    text: str, value: AbstractValue, *, outcome: bool | None, interpreter: AbstractInterpreter
) -> None:
    assert accepts(interpreter, parsed(text), value) is outcome
