"""The view of a model from its source and the view of the imported model are one.

What may differ: where the view from source does not know (an unknowable member,
an unknown form, an open type), the live one may; the live one looks into no string
that is more than a dotted name; and it knows more base classes of classes outside
the truss, while those that the contract asks for are the same.
"""

import sys
import types
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from pydantic import PydanticUserError

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.contract import breaches
from truss_cli.contract.results import UNSENDABLE
from truss_cli.contract.shape import (
    UNKNOWN_TYPE,
    Annotation,
    Form,
    Member,
    ModelShape,
    Shape,
    Type,
    Unknowable,
)
from truss_cli.contract.terms import PYDANTIC_MODEL, REQUEST, Kind
from truss_cli.project import open_truss
from truss_cli.runtime.model.shapes import bound_methods, construction_shape, instance_shape

ASKED_FOR = frozenset({REQUEST, PYDANTIC_MODEL, "starlette.responses.Response", "numpy.ndarray", *UNSENDABLE})
UNIONS = {"typing.Union", "types.UnionType"}
STRINGS = {Kind.INPUT_POSTPONED, Kind.REQUEST_POSTPONED}
"""What is said of strings, of which the live view reads less."""
KINDS = Path(__file__).with_name("kinds.py")


def _agree(source: Member, live: Member) -> bool:
    if isinstance(source, Unknowable):
        return True
    if not isinstance(source, Shape) or not isinstance(live, Shape):
        return type(source) is type(live)
    pairs = list(zip(source.parameters, live.parameters, strict=False))
    return (
        len(source.parameters) == len(live.parameters)
        and all((s.name, s.kind, s.has_default) == (i.name, i.kind, i.has_default) for s, i in pairs)
        and all(_annotations_agree(s.annotation, i.annotation) for s, i in pairs)
        and source.form in (live.form, Form.UNKNOWN)
        and _annotations_agree(source.returns, live.returns)
    )


def _annotations_agree(source: Annotation | None, live: Annotation | None) -> bool:
    if source is None or live is None:
        return source is live
    if source.postponed != live.postponed:
        return False
    return (live.postponed and live.type == UNKNOWN_TYPE) or _types_agree(source.type, live.type)


def _types_agree(source: Type, live: Type) -> bool:
    if source == UNKNOWN_TYPE:
        return True
    if source.open:
        return source.name == live.name or source.ancestors <= live.ancestors
    if source.name == live.name and source.name in UNIONS:
        # `typing` may give a union that it made before, of the same members in another order.
        return all(any(_types_agree(s, i) for i in live.arguments) for s in source.arguments)
    return (
        source.name == live.name
        and not live.open
        and source.ancestors & ASKED_FOR == live.ancestors & ASKED_FOR
        and len(source.arguments) == len(live.arguments)
        and all(map(_arguments_agree, source.arguments, live.arguments))
    )


def _arguments_agree(source: Type, live: Type) -> bool:
    """Inside another type `typing` may give an earlier `X | None` for `Optional[X]`, too."""
    if {source.name, live.name} <= UNIONS:
        return _types_agree(Type("typing.Union", source.arguments), Type("typing.Union", live.arguments))
    return _types_agree(source, live)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("truss")
    for name in ("model", "packages"):
        (folder / name).mkdir()
    (folder / "config.yaml").touch()
    (folder / "packages/kinds.py").write_bytes(KINDS.read_bytes())
    return folder


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("kinds")
    monkeypatch.setitem(sys.modules, "kinds", module)
    exec(compile(KINDS.read_bytes(), KINDS, "exec"), module.__dict__)  # noqa: S102 - imported as a model's packages are


def _from_source(folder: Path, text: str) -> ModelShape:
    (folder / "model/model.py").write_text(text, encoding="utf-8")
    model = TrussFacts(open_truss(folder)).model
    assert model is not None
    return model.shape


def _live(text: str) -> ModelShape:
    module = types.ModuleType("model.model")
    exec(compile(text, "model.py", "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - made by the test
    cls = module.__dict__["Model"]
    instance = instance_shape(bound_methods(cls.__new__(cls)))
    return ModelShape(construction_shape(cls), instance.members)


def _assert_agreement(source: ModelShape, live: ModelShape) -> None:
    assert _agree(source.init, live.init), (source.init, live.init)
    if source.complete:
        assert source.members.keys() == live.members.keys()
    for name, member in source.members.items():
        assert _agree(member, live.members[name]), (name, member, live.members[name])
    said = {(b.kind, b.method, b.parameter) for b in breaches(source) if b.kind not in STRINGS}
    assert said <= {(b.kind, b.method, b.parameter) for b in breaches(live)}


@pytest.mark.filterwarnings("ignore:functools.partial will be a method descriptor:FutureWarning")
@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
@given(data=st.data())
def test_both_views_are_one(models: st.SearchStrategy[str], folder: Path, data: st.DataObject) -> None:
    text = data.draw(models)
    try:
        live = _live(text)
    except (TypeError, PydanticUserError):  # some forms are refused inside others
        reject()
    _assert_agreement(_from_source(folder, text), live)
