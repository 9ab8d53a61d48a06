"""Assignment to names, attributes, items and tuples of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from truss_cli.static.interpreter.names import bind_name
from truss_cli.static.values.values import (
    UNBOUND,
    UNKNOWN,
    AbstractValue,
    ClassObject,
    Instance,
    Items,
    ModuleObject,
    TupleValue,
    Union,
    join,
    members,
)

if TYPE_CHECKING:
    from truss_cli.static.interpreter.interpreter import AbstractInterpreter


def assign(run: AbstractInterpreter, target: ast.expr, value: AbstractValue) -> None:
    """Assign a value to a target."""
    if isinstance(target, ast.Name):
        bind_name(run, target.id, value)
    elif isinstance(target, ast.Attribute):
        _assign_attribute(run, run.evaluate(target.value), target, value)
    elif isinstance(target, ast.Subscript):
        owner, key = run.evaluate(target.value), run.evaluate(target.slice)
        weak = isinstance(owner, Union)
        for member in members(owner):
            run.operation("store item", member, key, join([value, UNKNOWN]) if weak else value, target)
    elif isinstance(target, ast.Tuple | ast.List):
        _unpack(run, target, value)
    elif isinstance(target, ast.Starred):
        assign(run, target.value, value)


def _assign_attribute(
    run: AbstractInterpreter, owner: AbstractValue, target: ast.Attribute, value: AbstractValue
) -> None:
    name = target.attr
    stored_value = join([value, UNKNOWN]) if isinstance(owner, Union) else value
    for member in members(owner):
        if isinstance(member, Instance):
            run.operation("check frozen", member, name, target)
            if (
                name.startswith("__")
                or run.operation("class attribute", member.cls, "__setattr__") is not None
            ):
                run.forget(member, value)
                continue
            setter = run.operation("class attribute", member.cls, name)
            if setter is None or run.operation("is plain attribute", setter):
                run.set_attribute(member, name, stored_value)
            else:
                run.forget(member, value)
        elif isinstance(member, ClassObject):
            run.set_attribute(member, name, stored_value)
        elif isinstance(member, ModuleObject):
            run.state.write((member.reference, name), stored_value)
        else:
            run.operation("patch", member, name)


def _unpack(run: AbstractInterpreter, target: ast.Tuple | ast.List, value: AbstractValue) -> None:
    """Assign the elements of a value to the targets of a tuple."""
    parts: list[AbstractValue] | None = None
    if isinstance(value, TupleValue):
        parts = list(value.items)
    starred_indexes = [index for index, part in enumerate(target.elts) if isinstance(part, ast.Starred)]
    if parts is not None and not starred_indexes and len(parts) == len(target.elts):
        for part, item in zip(target.elts, parts, strict=True):
            assign(run, part, item)
        return
    if isinstance(value, Union):
        _unpack_union(run, target, value)
        return
    content: Items = run.operation("items of", value, target)
    element = content.element() or UNKNOWN
    exact = content.other is None and not starred_indexes and len(content.items) == len(target.elts)
    for index, part in enumerate(target.elts):
        if isinstance(part, ast.Starred):
            assign(run, part.value, run.new_container("builtins.list", Items((), element)))
        else:
            assign(run, part, content.items[index] if exact else element)


def _unpack_union(run: AbstractInterpreter, target: ast.Tuple | ast.List, value: Union) -> None:
    """Assign the elements of a union of tuples of one length, each joined."""
    tuples = [member for member in value.members if isinstance(member, TupleValue)]
    fits = all(len(member.items) == len(target.elts) for member in tuples)
    if not tuples or not fits or any(isinstance(part, ast.Starred) for part in target.elts):
        for part in target.elts:
            assign(run, part, UNKNOWN)
        return
    other_values = [UNKNOWN] if len(tuples) < len(value.members) else []
    for index, part in enumerate(target.elts):
        assign(run, part, join([*(member.items[index] for member in tuples), *other_values]))


def delete(run: AbstractInterpreter, target: ast.expr) -> None:
    """Delete a name, an attribute or an item."""
    if isinstance(target, ast.Name):
        bind_name(run, target.id, UNBOUND)
    elif isinstance(target, ast.Attribute):
        for member in members(run.evaluate(target.value)):
            if isinstance(member, Instance | ClassObject):
                run.set_attribute(member, target.attr, UNBOUND)
    elif isinstance(target, ast.Subscript):
        owner, key = run.evaluate(target.value), run.evaluate(target.slice)
        for member in members(owner):
            run.operation("delete item", member, key)
    elif isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            delete(run, part)
