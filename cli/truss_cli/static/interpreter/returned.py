"""Values that a method returns: their types, and the code that an unknown one comes from."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from truss_cli.contract.shape import UNKNOWN_TYPE, Type
from truss_cli.static.events import JSON_TYPE, Returned, ReturnedValue
from truss_cli.static.interpreter.classes import lineage
from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Exit, Frame, RaisedError
from truss_cli.static.interpreter.sending import Encoder
from truss_cli.static.syntax.nodes import branches, own_nodes
from truss_cli.static.values.values import (
    NONE,
    AbstractValue,
    BoundMethod,
    ClassObject,
    Constant,
    Container,
    Descriptor,
    FunctionObject,
    Instance,
    Items,
    Json,
    LibraryMethod,
    LibraryObject,
    ModuleObject,
    Partial,
    Pending,
    TupleValue,
    Typed,
    members,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPES = {
    BoundMethod: "types.MethodType",
    ClassObject: "builtins.type",
    Descriptor: "types.FunctionType",
    FunctionObject: "types.FunctionType",
    LibraryMethod: "types.MethodType",
    ModuleObject: "types.ModuleType",
    Partial: "functools.partial",
}
_PENDING = {
    "async generator": "types.AsyncGeneratorType",
    "context": "contextlib.AbstractContextManager",
    "coroutine": "types.CoroutineType",
    "generator": "types.GeneratorType",
}
_OWN = (FunctionObject, BoundMethod, Descriptor, Instance, Partial)
"""Values whose call runs code of the truss."""


def returned_node(way_out: Exit) -> ast.AST:
    """Return the expression that is returned; the function if its end is reached."""
    node = way_out.node
    return node.value if isinstance(node, ast.Return) and node.value else node


def returned_event(run: AbstractInterpreter, method: str, frame: Frame | None, way_out: Exit) -> Returned:
    """Return the event of a `return`, in the state in which it is reached."""
    node = returned_node(way_out)
    every = members(way_out.value)
    present = [member for member in every if member != NONE] or every
    values = tuple(_returned_value(run, way_out, member) for member in present)
    event = Returned(method, way_out.module, node, values)
    if frame is None or not isinstance(node, ast.expr) or not any(value.type.open for value in values):
        return event
    return _with_calls(run, frame, node, event)


def _returned_value(run: AbstractInterpreter, way_out: Exit, value: AbstractValue) -> ReturnedValue:
    encoder = Encoder(run, way_out.module, returned_node(way_out))
    return ReturnedValue(
        type_of(run, value), is_sendable=not encoder.encode(value), parts_known=_is_known(run, value, set())
    )


def type_of(run: AbstractInterpreter, value: AbstractValue) -> Type:
    """Return the type of a value that is not a union."""
    if isinstance(value, Json):
        return JSON_TYPE
    if value == NONE:
        return Type("builtins.None")
    if isinstance(value, Instance):
        return _own_type(run, value.cls)
    if isinstance(value, Pending):
        return Type(_PENDING[value.kind])
    name = type_name(value)
    if name is None:
        return Type(_TYPES[type(value)]) if type(value) in _TYPES else UNKNOWN_TYPE
    order = run.operation("mro", name)
    return Type(name, ancestors=frozenset(order[1:]) - {"builtins.object"}, open=not order)


def _own_type(run: AbstractInterpreter, cls: ClassObject) -> Type:
    ancestors: set[str] = set()
    for base in lineage(cls)[1:]:
        if isinstance(base, ClassObject):
            ancestors.add(f"{base.module.name}.{base.node.name}")
        elif isinstance(base, LibraryObject):
            name = run.operation("canonical", base.name)
            ancestors.update((name, *run.operation("mro", name)))
    name = f"{cls.module.name}.{cls.node.name}"
    is_open = bool(run.operation("is open", cls))
    return Type(name, ancestors=frozenset(ancestors) - {"builtins.object"}, open=is_open)


def _is_known(run: AbstractInterpreter, value: AbstractValue, identities: set[int]) -> bool:
    """Return whether the types of a value and of its parts are known."""
    return all(_is_member_known(run, member, identities) for member in members(value))


def _is_member_known(run: AbstractInterpreter, value: AbstractValue, identities: set[int]) -> bool:
    if isinstance(value, TupleValue | Container):
        if id(value) in identities:
            return True
        identities.add(id(value))
        return all(_is_known(run, part, identities) for part in _parts(run, value))
    if isinstance(value, Typed) and value.name == "builtins.tuple":
        return bool(value.arguments) and _is_known(run, value.arguments[0], identities)
    return isinstance(value, Constant) or not type_of(run, value).open


def _parts(run: AbstractInterpreter, value: TupleValue | Container) -> Iterator[AbstractValue]:
    if isinstance(value, TupleValue):
        yield from value.items
        return
    content = run.content(value)
    if isinstance(content, Items):
        element = content.element()
        yield from () if element is None else (element,)
    else:
        yield from content.values()


def _with_calls(run: AbstractInterpreter, frame: Frame, node: ast.expr, event: Returned) -> Returned:
    """Return the event with the calls that its value may come from."""
    direct = [branch for branch in branches(node) if isinstance(branch, ast.Call)]
    names = {branch.id for branch in branches(node) if isinstance(branch, ast.Name)}
    assigned_calls = _assigned_calls(frame, names)
    functions = _functions(run, frame, direct)
    libraries = [function.name for function in functions if isinstance(function, LibraryObject)]
    functions += _functions(run, frame, assigned_calls)
    return replace(
        event,
        calls=(*direct, *assigned_calls),
        from_truss=any(isinstance(function, _OWN) for function in functions),
        library=libraries[0].partition(".")[0] if libraries else "",
    )


def _assigned_calls(frame: Frame, names: set[str]) -> list[ast.Call]:
    """Return the calls whose results a function assigns to local names."""
    definition = frame.function.node if frame.function else None
    if not names or definition is None or isinstance(definition, ast.Lambda):
        return []
    calls = []
    for statement in own_nodes(definition, ast.Assign):
        value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
        targets = {target.id for target in statement.targets if isinstance(target, ast.Name)}
        if isinstance(value, ast.Call) and not names.isdisjoint(targets):
            calls.append(value)
    return calls


def _functions(run: AbstractInterpreter, frame: Frame, calls: list[ast.Call]) -> list[AbstractValue]:
    """Return the functions of calls whose functions are names or attributes."""
    functions: list[AbstractValue] = []
    with run.inside(frame), run.muted():
        for name, value in frame.parameters.items():
            # The state may have lost the names of a function that has ended.
            run.state.write((frame.number, name), value)
        for call in calls:
            if isinstance(call.func, ast.Name | ast.Attribute):
                try:
                    functions += members(run.evaluate(call.func))
                except RaisedError:
                    continue
    return functions
