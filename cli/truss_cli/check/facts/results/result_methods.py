"""The methods whose results are sent, and what is wrong with what they are annotated or seen to give."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from truss_cli.check.facts.function_names import FunctionNames
from truss_cli.check.facts.model.decorators import keeps_result
from truss_cli.check.facts.model.methods import form_of
from truss_cli.check.facts.model.model_class import ModelClass
from truss_cli.check.facts.results.value import Value
from truss_cli.check.facts.results.values import FunctionValues
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.contract import returning_method
from truss_cli.contract.results import DATACLASS_HELP, STREAM_TYPES, refusal
from truss_cli.contract.shape import Form, Shape, Type
from truss_cli.contract.terms import ENDPOINTS, STREAMS
from truss_cli.static.names.scopes import scope_of
from truss_cli.static.names.symbols import External, Module
from truss_cli.static.syntax.flow import may_end_without_return
from truss_cli.static.syntax.nodes import Function

_OBJECT_HELP = "Return a dict of its contents, or derive the class from `pydantic.BaseModel`."
_HELD = frozenset(
    {
        "builtins.dict",
        "builtins.list",
        "builtins.tuple",
        "collections.OrderedDict",
        "collections.abc.Mapping",
        "collections.abc.Sequence",
        "collections.defaultdict",
        "typing.Dict",
        "typing.List",
        "typing.Mapping",
        "typing.MutableMapping",
        "typing.Sequence",
        "typing.Tuple",
    }
)
"""Containers whose arguments are types of what is inside."""
_NEUTRAL_BASES = frozenset({"abc.ABC", "typing.Generic"})
_DATACLASSES = {External("dataclasses.dataclass"), External("pydantic.dataclasses.dataclass")}
_UNIONS = ("typing.Union", "types.UnionType")
_BARE = {
    "typing.Set": "builtins.set",
    "typing.FrozenSet": "builtins.frozenset",
    "collections.abc.Set": "builtins.set",
    "typing.AbstractSet": "builtins.set",
    "typing.Deque": "collections.deque",
    "typing.ByteString": "builtins.bytes",
}


class ResultMethod(NamedTuple):
    """A method whose result is sent; `main` for the one that answers `predict`'s route.

    `decorated`: a decorator may send something else than what the method itself returns or yields.
    """

    name: str
    module: Module
    function: Function
    shape: Shape
    values: FunctionValues
    main: bool
    decorated: bool = False

    def returned(self) -> list[Value]:
        """Return the values that the method's own `return` statements send; none if a decorator decides."""
        if self.decorated:
            return []
        if self._hides_coroutine:
            return [Value(self.function.decorator_list[0], Type("types.CoroutineType"))]
        return self.values.returned()

    @property
    def always_returns(self) -> bool:
        """Whether it sends one of the values that `returned` gives, and never the None of its end."""
        return self._hides_coroutine or not may_end_without_return(self.function)

    @property
    def _hides_coroutine(self) -> bool:
        """Whether a decorator calls a coroutine function as if it were a plain one."""
        return self.shape.form is Form.SYNC and form_of(self.function) is Form.COROUTINE

    def streams(self) -> list[FunctionValues]:
        """Return the generators of the truss that the method surely returns; none if a decorator decides."""
        return [] if self.decorated else list(self.values.streams())

    def yielded(self) -> list[Value]:
        """Return the values that the method's own `yield`s send; none if a decorator decides."""
        return [] if self.decorated else self.values.yielded()


class Unsendable(NamedTuple):
    """A type that cannot be sent, and how to fix it."""

    type: Type
    help: str
    inside: bool


_Known = dict[tuple[int, bool], Unsendable | None]
"""By the identity of a type, and whether it is a whole result."""


def result_methods(facts: TrussFacts) -> Iterator[ResultMethod]:
    """Yield the methods that send results and whose source and shape are known."""
    if facts.model is None:
        return
    main = returning_method(facts.model.shape)
    for name in (main, *ENDPOINTS):
        method = result_method(facts, facts.model, name, main=name == main)
        if method:
            yield method


def result_method(facts: TrussFacts, model: ModelClass, name: str, *, main: bool) -> ResultMethod | None:
    """Return a method whose source and shape are known."""
    found, shape = model.function(name), model.shape.shape(name)
    if not found or not shape:
        return None
    values = FunctionValues(FunctionNames(facts.types, model, *found))
    return ResultMethod(name, *found, shape, values, main, not keeps_result(facts.types, *found))


def find_unsendable(facts: TrussFacts, result: Type, *, whole: bool = True) -> Unsendable | None:
    """Return what in a type can certainly not be sent; in a union, only if no member can."""
    return None if facts.replaces_encoder else _find_unsendable(facts, result, whole, {})


def _find_unsendable(facts: TrussFacts, result: Type, whole: bool, known: _Known) -> Unsendable | None:  # noqa: FBT001 - a part of the key
    # Aliases share what they are made of, so that without memory the time would be exponential.
    key = (id(result), whole)
    if key not in known:
        known[key] = _unsendable_in(facts, result, whole, known)
    return known[key]


def _unsendable_in(facts: TrussFacts, result: Type, whole: bool, known: _Known) -> Unsendable | None:  # noqa: FBT001
    if result.name in _UNIONS:
        members = [
            _find_unsendable(facts, part, whole, known)
            for part in result.arguments
            if part.name != "builtins.None"
        ]
        return members[0] if members and all(members) else None
    if result.name == "typing.NewType":
        return _find_unsendable(facts, result.arguments[0], whole, known)
    bare = Type(_BARE.get(result.name, result.name), ancestors=result.ancestors, open=result.open)
    help_text = _refusal(facts, bare, whole=whole)
    if help_text:
        return Unsendable(result, help_text, inside=not whole)
    if result.name in _HELD:
        held = result.arguments[1:] if "ict" in result.name or "Mapping" in result.name else result.arguments
        found = (_find_unsendable(facts, inner, False, known) for inner in held)  # noqa: FBT003
        return next(filter(None, found), None)
    return None


def find_unsendable_value(facts: TrussFacts, value: Value) -> tuple[Value, Unsendable] | None:
    """Return the first part of a value that cannot be sent, one that is always there if there is one."""
    first = None
    for part, bad in unsendable_parts(facts, value):
        if part.certain:
            return part, bad
        first = first or (part, bad)
    return first


def unsendable_parts(facts: TrussFacts, value: Value) -> Iterator[tuple[Value, Unsendable]]:
    """Yield all parts of a value that cannot be sent."""
    for part, whole in value.parts():
        bad = _unsendable_part(facts, part, whole=whole)
        if bad:
            yield part, bad


def _unsendable_part(facts: TrussFacts, part: Value, *, whole: bool) -> Unsendable | None:
    if part.type.name in ("types.GeneratorType", "types.AsyncGeneratorType") and not whole:
        return Unsendable(part.type, "Collect it in a list; only a whole result is streamed.", inside=True)
    return find_unsendable(facts, part.type, whole=whole)


def is_visibly_sent(facts: TrussFacts, value: Value, *, inside: bool) -> bool:
    """Whether a value can be sent for certain; `inside`: as far as what it holds goes."""
    if find_unsendable_value(facts, value):
        return False
    parts = [part for part, _ in value.parts()]
    known = (parts[1:] or parts) if inside else parts[:1]
    return all(not part.type.open for part in known)


def gives_stream(method: ResultMethod) -> bool:
    """Whether the method streams, for certain."""
    return method.shape.form in STREAMS


def is_stream_type(result: Type) -> bool:
    """Whether an annotation speaks of a stream."""
    return result.name in STREAM_TYPES


def _refusal(facts: TrussFacts, result: Type, *, whole: bool) -> str | None:
    help_text = refusal(result, whole=whole)
    if help_text or result.open or result.ancestors - _NEUTRAL_BASES:
        return help_text
    symbol = facts.types.class_symbol(result)
    if symbol is None:
        return None
    module, node = symbol
    decorators = {facts.symbols.expression(module, _called(decorator)) for decorator in node.decorator_list}
    if decorators & _DATACLASSES:
        return DATACLASS_HELP
    makes_others = "__new__" in scope_of(node)
    return None if decorators or node.keywords or makes_others else _OBJECT_HELP


def _called(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator
