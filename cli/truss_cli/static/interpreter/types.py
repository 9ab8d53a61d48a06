"""Values of the type expressions that the library tables contain."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

from truss_cli.static.values.values import (
    NONE,
    UNKNOWN,
    AbstractValue,
    Constant,
    Container,
    Entries,
    Items,
    TupleValue,
    Typed,
    Union,
    constant,
    join,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter

_SEQUENCES = ("builtins.list", "builtins.set", "builtins.frozenset", "collections.deque")
MAPPINGS = ("builtins.dict", "collections.defaultdict", "collections.OrderedDict", "collections.Counter")
_ANY = frozenset({"typing.Any", "builtins.object", "Callable", "typing.Callable", "collections.abc.Callable"})
_AWAITABLE = frozenset({"typing.Coroutine", "typing.Awaitable", "types.CoroutineType"})
_ITERABLE = frozenset({"Iterable", "Iterator", "Sequence", "Collection", "list", "set", "frozenset", "deque"})


@cache
def parsed(text: str) -> ast.expr:
    """Return the syntax tree of a type expression of the tables."""
    return ast.parse(text.replace("?", "_"), mode="eval").body


def value_of_type(
    run: AbstractInterpreter,
    text: str,
    variables: Mapping[str, AbstractValue] | None = None,
    receiver: AbstractValue = UNKNOWN,
) -> AbstractValue:
    """Return a value of a type; `variables` are those of its type variables, `receiver` is for `Self`."""
    return _value(run, parsed(text), variables or {}, receiver)


def _value(
    run: AbstractInterpreter, node: ast.expr, variables: Mapping[str, AbstractValue], receiver: AbstractValue
) -> AbstractValue:
    if isinstance(node, ast.Constant):
        return NONE if node.value is None else UNKNOWN
    if isinstance(node, ast.BinOp):
        return join(_value(run, side, variables, receiver) for side in (node.left, node.right))
    if isinstance(node, ast.UnaryOp):
        return variables.get(getattr(node.operand, "id", ""), UNKNOWN)
    if isinstance(node, ast.Subscript):
        elements = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return _named(run, dotted(node.value), elements, variables, receiver)
    return _named(run, dotted(node), [], variables, receiver)


def dotted(node: ast.expr) -> str:
    """Return a dotted name as written."""
    return ast.unparse(node)


def _named(
    run: AbstractInterpreter,
    name: str,
    elements: list[ast.expr],
    variables: Mapping[str, AbstractValue],
    receiver: AbstractValue,
) -> AbstractValue:
    if name == "Self":
        return _like(run, receiver)
    if name == "_" or name in _ANY:
        return UNKNOWN
    if name in ("Literal", "typing.Literal"):
        return _literal(elements)
    if name == "builtins.tuple":
        return _tuple(run, elements, variables, receiver)
    inner = [_value(run, element, variables, receiver) for element in elements]
    if name in _SEQUENCES:
        return run.new_container(name, Items((), inner[0] if inner else UNKNOWN))
    if name in MAPPINGS:
        value = Typed("builtins.int") if name == "collections.Counter" else inner[-1] if inner else UNKNOWN
        return run.new_container(name, Entries({}, inner[0] if inner else UNKNOWN, value))
    if name in _AWAITABLE:
        return Typed("types.CoroutineType", (inner[-1] if inner else UNKNOWN,))
    return Typed("numpy.bool_" if name == "numpy.bool" else name, tuple(inner))


def _like(run: AbstractInterpreter, receiver: AbstractValue) -> AbstractValue:
    """Return another value of the type of a receiver."""
    if isinstance(receiver, Constant):
        return Typed(receiver.type)
    if isinstance(receiver, Container):
        return run.new_container(receiver.type, run.content(receiver))
    return receiver if isinstance(receiver, Typed | TupleValue) else UNKNOWN


def _literal(elements: list[ast.expr]) -> AbstractValue:
    values = [element.value for element in elements if isinstance(element, ast.Constant)]
    return join(constant(value) for value in values) if values else UNKNOWN


def _tuple(
    run: AbstractInterpreter,
    elements: list[ast.expr],
    variables: Mapping[str, AbstractValue],
    receiver: AbstractValue,
) -> AbstractValue:
    repeats = elements and isinstance(elements[-1], ast.Constant) and elements[-1].value is Ellipsis
    if repeats or not elements:
        inner = _value(run, elements[0], variables, receiver) if elements else UNKNOWN
        return Typed("builtins.tuple", (inner,))
    return TupleValue(tuple(_value(run, element, variables, receiver) for element in elements))


def accepts(run: AbstractInterpreter, node: ast.expr, value: AbstractValue) -> bool | None:
    """Return whether a parameter of a type accepts a value; None if that is not known."""
    if isinstance(value, Union):
        outcomes = {accepts(run, node, member) for member in value.members}
        return outcomes.pop() if len(outcomes) == 1 else None
    if isinstance(node, ast.BinOp):
        sides = [accepts(run, side, value) for side in (node.left, node.right)]
        return True if True in sides else None if None in sides else False
    if isinstance(node, ast.UnaryOp):
        return True
    if isinstance(node, ast.Constant):
        return isinstance(value, Constant) and value.value is None if type_name(value) else None
    name = dotted(node.value if isinstance(node, ast.Subscript) else node)
    if name == "_" or name in _ANY:
        return True
    if name == "typing.SupportsIndex" and (type_name(value) or "").startswith("builtins."):
        return type_name(value) in ("builtins.int", "builtins.bool")
    if name in ("Literal", "typing.Literal") and isinstance(node, ast.Subscript):
        return _accepts_literal(node, value)
    return _accepts_class(run, name, value)


def _accepts_literal(node: ast.Subscript, value: AbstractValue) -> bool | None:
    elements = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    literals = [element.value for element in elements if isinstance(element, ast.Constant)]
    if isinstance(value, Constant):
        return any(type(item) is type(value.value) and item == value.value for item in literals)
    name = type_name(value)
    if name is None:
        return None
    return None if name in {f"builtins.{type(item).__name__}" for item in literals} else False


def _accepts_class(run: AbstractInterpreter, name: str, value: AbstractValue) -> bool | None:
    given_type = type_name(value)
    if given_type is None:
        return None
    if given_type == name or (
        given_type == "builtins.int" and name in ("builtins.float", "builtins.complex")
    ):
        return True
    ancestors = run.operation("mro", given_type)
    if name in ancestors or (name == "builtins.float" and "builtins.int" in ancestors):
        return True
    concrete = name.startswith("builtins.") or not run.operation("is protocol", name)
    return False if concrete and ancestors else None


def bind_variables(
    run: AbstractInterpreter, node: ast.expr, value: AbstractValue, variables: dict[str, AbstractValue]
) -> None:
    """Bind the type variables of a parameter's type by the argument it receives."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Name):
        name = node.operand.id
        widened_value = (
            Typed(value.type) if isinstance(value, Constant) and value.value is not None else value
        )
        variables[name] = join([variables[name], widened_value]) if name in variables else widened_value
    elif isinstance(node, ast.BinOp):
        for side in (node.left, node.right):
            bind_variables(run, side, value, variables)
    elif isinstance(node, ast.Subscript):
        last = dotted(node.value).rpartition(".")[2]
        inner = node.slice
        if last in _ITERABLE and isinstance(inner, ast.UnaryOp):
            with run.muted():
                content: Items = run.operation("items of", value, node)
            bind_variables(run, inner, content.element() or UNKNOWN, variables)
