"""The contract's rules, one by one, on shapes made by hand."""

from collections.abc import Mapping

import pytest

from truss_cli.contract import breaches
from truss_cli.contract.shape import (
    UNKNOWN_TYPE,
    Annotation,
    Form,
    Member,
    ModelShape,
    NoSelf,
    NotCallable,
    Parameter,
    ParameterKind,
    Shape,
    Type,
    Unknowable,
)
from truss_cli.contract.terms import ENDPOINTS, METHODS, PIPELINE, Kind, Severity

REQUEST = Annotation(Type("starlette.requests.Request"))
DERIVED = Annotation(Type("model.model.R", ancestors=frozenset({"starlette.requests.Request"})))
POSTPONED = REQUEST._replace(postponed=True)
OPEN = Annotation(Type("other.Class", open=True))
WORD = Annotation(Type("builtins.str"))
PYDANTIC = Annotation(Type("model.model.Input", ancestors=frozenset({"pydantic.BaseModel"})), postponed=True)

_KINDS = {
    "": ParameterKind.POSITIONAL_OR_KEYWORD,
    "!": ParameterKind.KEYWORD_ONLY,
    "*": ParameterKind.VAR_POSITIONAL,
    "**": ParameterKind.VAR_KEYWORD,
    "/": ParameterKind.POSITIONAL_ONLY,
}


def method(
    *names: str, form: Form = Form.SYNC, returns: Annotation | None = None, **annotations: Annotation
) -> Shape:
    """Make a shape; marks of a name: `*`, `**`, `/` (by position), `!` (by keyword), `=` at the end."""
    parameters = []
    for name in names:
        bare = name.strip("*/!=")
        kind = _KINDS[name[: name.index(bare)]]
        parameters.append(Parameter(bare, kind, name.endswith("="), annotations.get(bare)))
    return Shape(tuple(parameters), form, returns)


ONE = method("a")


def kinds_of(members: Mapping[str, Member], init: Member | None = None) -> set[Kind]:
    shape = ModelShape(members=members) if init is None else ModelShape(init, members)
    return {breach.kind for breach in breaches(shape)}


def kinds(**members: Member) -> set[Kind]:
    return kinds_of(members)


@pytest.mark.parametrize(
    ("init", "expected"),
    [
        (method(), set()),
        (method("config", "data_dir", "secrets", "environment", "lazy_data_resolver"), set()),
        (method("!config", "**kwargs"), set()),
        (method("*args", "weights="), set()),
        (method("weights"), {Kind.INIT_ARGUMENT}),
        (method("!weights"), {Kind.INIT_ARGUMENT}),
        (method("trt_llm"), {Kind.INIT_ARGUMENT}),
        (method("/config"), {Kind.INIT_POSITIONAL_ONLY}),
        (method("/weights="), set()),
        (method("/config="), {Kind.INIT_POSITIONAL_ONLY}),
        (method("/config=", "**kwargs"), set()),
        (method(form=Form.COROUTINE), {Kind.INIT_RETURNS}),
        (method(form=Form.GENERATOR), {Kind.INIT_RETURNS}),
        (method(form=Form.UNKNOWN), set()),
        (NoSelf(), {Kind.NO_SELF}),
        (Unknowable(), set()),
    ],
)
def test_init(init: Member, expected: set[Kind]) -> None:
    assert kinds_of({"predict": ONE}, init) == expected


def test_trt_llm_is_given_when_config_has_it() -> None:
    model = ModelShape(method("trt_llm"), {"predict": ONE})
    assert list(breaches(model, trt_llm=True)) == []


@pytest.mark.parametrize("name", [*PIPELINE, *ENDPOINTS])
@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (method(), set()),
        (ONE, set()),
        (method("*inputs"), set()),
        (method("/a"), set()),
        (method("a", "b", b=REQUEST), set()),
        (method("a", "b=", b=DERIVED), set()),
        (method("a", "b", b=OPEN), set()),
        (method("a", "b", b=Annotation(UNKNOWN_TYPE)), set()),
        (method("a", "b", "c="), {Kind.TOO_MANY_ARGUMENTS}),
        (method("a", "*args", "**kwargs"), {Kind.TOO_MANY_ARGUMENTS}),
        (method("a", "b="), {Kind.SECOND_NOT_REQUEST}),
        (method("a", "b", b=WORD), {Kind.SECOND_NOT_REQUEST}),
        (method("a", "b", b=POSTPONED), {Kind.SECOND_NOT_REQUEST}),
        (method("a", "b", b=Annotation(UNKNOWN_TYPE, postponed=True)), {Kind.SECOND_NOT_REQUEST}),
        (method("a", "b", a=REQUEST), {Kind.REQUEST_FIRST}),
        (method("a", a=POSTPONED), {Kind.REQUEST_POSTPONED}),
    ],
)
def test_what_answers_requests(name: str, shape: Shape, expected: set[Kind]) -> None:
    assert kinds_of({"predict": ONE, name: shape}) == expected


@pytest.mark.parametrize("shape", [method("!a"), method("**inputs")])
def test_what_cannot_be_passed_by_position(shape: Shape) -> None:
    assert kinds(predict=shape) == {Kind.NOT_POSITIONAL}
    assert kinds(predict=ONE, completions=shape) == {Kind.ENDPOINT_NOT_POSITIONAL}


def test_a_result_is_not_discarded() -> None:
    request_only = method("r", r=REQUEST)
    assert kinds(predict=request_only) == set()
    assert kinds(preprocess=request_only, predict=ONE) == set()
    assert kinds(preprocess=ONE, predict=request_only) == {Kind.RESULT_DISCARDED}
    assert kinds(predict=ONE, postprocess=request_only) == {Kind.RESULT_DISCARDED}
    assert kinds(preprocess=Unknowable(), predict=request_only) == {Kind.RESULT_DISCARDED}


def test_something_answers() -> None:
    assert kinds() == kinds(load=method()) == {Kind.NO_PREDICT}
    assert list(breaches(ModelShape(complete=False))) == []
    assert kinds(predict=Unknowable()) == set()


def test_websocket() -> None:
    right = method("w", form=Form.COROUTINE)
    assert kinds(websocket=right) == kinds(websocket=right, load=method(), is_healthy=method()) == set()
    for name in PIPELINE:
        assert kinds_of({"websocket": right, name: ONE}) == {Kind.WEBSOCKET_CONFLICT}
    assert kinds(websocket=method("w")) == {Kind.WEBSOCKET_SYNC}
    assert kinds(websocket=method("w", form=Form.ASYNC_GENERATOR)) == {Kind.WEBSOCKET_SYNC}
    assert kinds(websocket=method("w", form=Form.UNKNOWN)) == set()
    assert kinds(websocket=method(form=Form.COROUTINE)) == {Kind.WEBSOCKET_ARGUMENTS}
    request = method("w", "r", r=REQUEST, form=Form.COROUTINE)
    assert kinds(websocket=request) == {Kind.WEBSOCKET_ARGUMENTS}


@pytest.mark.parametrize("parameter", ["a", "a=", "*a", "**a"])
def test_is_healthy_takes_nothing(parameter: str) -> None:
    assert kinds(predict=ONE, is_healthy=method(form=Form.COROUTINE)) == set()
    assert kinds(predict=ONE, is_healthy=method(parameter)) == {Kind.IS_HEALTHY_ARGUMENTS}


def test_setup_environment_takes_the_environment() -> None:
    for shape in (ONE, method("*a"), method("a=")):
        assert kinds(predict=ONE, setup_environment=shape) == set()
    for shape in (method(), method("!a"), method("a", "b", b=REQUEST)):
        assert kinds(predict=ONE, setup_environment=shape) == {Kind.SETUP_ENVIRONMENT_ARGUMENTS}


@pytest.mark.parametrize(
    ("load", "expected"),
    [
        (method(), set()),
        (method("a=", "*b", "**c"), set()),
        (method("a"), {Kind.LOAD_ARGUMENTS}),
        (method("!a"), {Kind.LOAD_ARGUMENTS}),
        (method(form=Form.COROUTINE), {Kind.LOAD_NOT_RUN}),
        (method(form=Form.GENERATOR), {Kind.LOAD_NOT_RUN}),
        (method(form=Form.ASYNC_GENERATOR), {Kind.LOAD_NOT_RUN}),
        (method(form=Form.UNKNOWN), set()),
    ],
)
def test_load(load: Shape, expected: set[Kind]) -> None:
    assert kinds(predict=ONE, load=load) == expected


@pytest.mark.parametrize("name", METHODS)
def test_members_that_are_no_methods(name: str) -> None:
    others: dict[str, Member] = {} if name == "websocket" else {"predict": ONE}
    assert kinds_of({**others, name: NotCallable("None")}) == {Kind.NOT_CALLABLE}
    assert kinds_of({**others, name: NoSelf()}) == {Kind.NO_SELF}
    assert kinds_of({**others, name: Unknowable()}) == set()


def test_streams_are_not_postprocessed() -> None:
    for form in (Form.GENERATOR, Form.ASYNC_GENERATOR):
        assert kinds(predict=method("a", form=form), postprocess=ONE) == {Kind.STREAM_POSTPROCESSED}
        assert kinds(predict=ONE, postprocess=method("a", form=form)) == set()
    assert kinds(predict=method("a", form=Form.UNKNOWN), postprocess=ONE) == set()


def _typing(name: str, *arguments: Type) -> Type:
    return Type(f"typing.{name}", arguments)


INT, NONE, THREE = Type("builtins.int"), Type("builtins.None"), (Type("builtins.int"),) * 3


@pytest.mark.parametrize(
    ("returns", "readable"),
    [
        (_typing("Awaitable", INT), True),
        (_typing("Awaitable"), False),
        (_typing("Coroutine", *THREE), False),
        (Type("collections.abc.Awaitable"), True),
        (Type("collections.abc.Coroutine"), True),
        (Type("collections.abc.Coroutine", THREE), False),
        (_typing("Union", _typing("Awaitable"), NONE), False),
        (_typing("Union", _typing("Awaitable"), NONE, INT), True),
        (Type("types.UnionType", (Type("collections.abc.Coroutine", THREE), NONE)), True),
        (Type("builtins.list", (_typing("Awaitable"),)), True),
    ],
)
def test_return_annotations_that_the_server_takes_apart(returns: Type, readable: bool) -> None:  # noqa: FBT001
    expected = set() if readable else {Kind.RETURN_UNREADABLE}
    assert kinds(predict=method("a", returns=Annotation(returns))) == expected
    assert kinds(predict=ONE, postprocess=method("a", returns=Annotation(returns))) == expected
    assert kinds(predict=method("a", returns=Annotation(returns)), postprocess=ONE) == set()
    assert kinds(predict=method("a", returns=Annotation(returns, postponed=True))) == set()


def test_a_pydantic_input_is_seen_where_input_is_parsed() -> None:
    hidden = method("a", a=PYDANTIC)
    assert kinds(predict=hidden) == kinds(preprocess=hidden, predict=ONE) == {Kind.INPUT_POSTPONED}
    assert kinds(preprocess=ONE, predict=hidden) == kinds(predict=ONE, postprocess=hidden) == set()
    assert kinds(predict=method("a", a=PYDANTIC._replace(postponed=False))) == set()


def test_every_kind_has_a_severity_and_every_breach_a_way_out() -> None:
    assert {kind.severity for kind in Kind} == set(Severity)
    model = ModelShape(
        method("weights"), {"load": method("a"), "websocket": ONE, "predict": method("a", "b", "c")}
    )
    for breach in breaches(model):
        assert breach.method is None or f"`{breach.method}`" in breach.message
        assert breach.parameter is None or breach.parameter in breach.message
        assert breach.help.endswith(".")
