"""Dataclasses, named tuples, dictionaries with types, and enumerations, made again."""

import ast
import dataclasses
import enum
import types
from typing import Any, NamedTuple, NotRequired, Required, get_args, get_origin

from truss_cli.schema.fields import dataclass_default, default_of
from truss_cli.schema.source.bodies import docstring, written_fields
from truss_cli.schema.source.expressions import Expressions
from truss_cli.schema.source.known import UNKNOWN
from truss_cli.schema.source.literals import NotPlainError

_MIXED_IN = {"builtins.str": str, "builtins.int": int, "builtins.float": float}
_ENUMERATIONS = {
    "enum.Enum": enum.Enum,
    "enum.IntEnum": enum.IntEnum,
    "enum.StrEnum": enum.StrEnum,
}
_OPTIONS = frozenset({"eq", "frozen", "kw_only", "order", "repr", "slots", "unsafe_hash"})


def make_dataclass(reader: Expressions, node: ast.ClassDef) -> Any:  # noqa: ANN401 - a type expression
    """Return a dataclass with the fields of one in the truss."""
    decorator = node.decorator_list[0]
    options = reader.literals.keywords(decorator) if isinstance(decorator, ast.Call) else {}
    given = decorator.keywords if isinstance(decorator, ast.Call) else []
    if node.keywords or len(options) < len(given) or not options.keys() <= _OPTIONS:
        raise NotPlainError
    bases = tuple(reader._replace(around=None).read(base) for base in node.bases)
    if any(not dataclasses.is_dataclass(base) for base in bases):
        return UNKNOWN
    body = _body(reader, node)
    name = reader._replace(around=None).name_of(
        decorator.func if isinstance(decorator, ast.Call) else decorator
    )
    is_pydantic = name.startswith("pydantic")
    for field in written_fields(reader, node):
        body["__annotations__"][field.name] = reader.read(field.annotation)
        if field.value is not None:
            uses_field = is_pydantic and isinstance(field.value, ast.Call)
            read = default_of if uses_field else dataclass_default
            body[field.name] = read(reader, field.value)
    if is_pydantic:
        import pydantic.dataclasses  # noqa: PLC0415 - it takes as long as a check

        return pydantic.dataclasses.dataclass(**options)(type(node.name, bases, body))  # type: ignore[call-overload]
    return dataclasses.dataclass(**options)(type(node.name, bases, body))  # type: ignore[call-overload]  # of any class


def make_typed_dict(reader: Expressions, node: ast.ClassDef) -> Any:  # noqa: ANN401 - a type expression
    """Return a dictionary type with the keys of one in the truss, those of its base classes first."""
    from typing_extensions import TypedDict  # noqa: PLC0415 - Pydantic asks for this one

    total: object = True
    for keyword in node.keywords:
        if keyword.arg != "total":
            raise NotPlainError
        total = reader.literals.value(keyword.value)
    fields: dict[str, Any] = {}
    for base in node.bases:
        if reader.name_of(base).endswith(".TypedDict"):
            continue
        inherited = reader._replace(around=None).read(base)
        if inherited is UNKNOWN:
            return UNKNOWN
        required = inherited.__required_keys__
        for name, kind in inherited.__annotations__.items():
            fields[name] = Required[_unwrapped(kind)] if name in required else NotRequired[_unwrapped(kind)]
    for field in written_fields(reader, node):
        if field.value is not None:
            raise NotPlainError
        fields[field.name] = reader.read(field.annotation)
    made = TypedDict(node.name, fields, total=bool(total))  # type: ignore[misc]  # made on the spot
    made.__module__, made.__doc__ = reader.module.name, docstring(node)
    return made


def _unwrapped(kind: Any) -> Any:  # noqa: ANN401 - type expressions
    return get_args(kind)[0] if get_origin(kind) in (NotRequired, Required) else kind


def make_named_tuple(reader: Expressions, node: ast.ClassDef) -> Any:  # noqa: ANN401 - a type expression
    """Return a named tuple with the fields of one in the truss."""
    if len(node.bases) != 1 or node.keywords or not reader.name_of(node.bases[0]).endswith(".NamedTuple"):
        return UNKNOWN
    body = _body(reader, node)
    for field in written_fields(reader, node):
        body["__annotations__"][field.name] = reader.read(field.annotation)
        if field.value is not None:
            body[field.name] = reader.literals.value(field.value)
    return types.new_class(node.name, (NamedTuple,), exec_body=lambda namespace: namespace.update(body))


def make_enum(reader: Expressions, node: ast.ClassDef) -> Any:  # noqa: ANN401 - a type expression
    """Return an enumeration with the members of one in the truss."""
    names = [reader._replace(around=None).name_of(base) for base in node.bases]
    if node.keywords or not names or names[-1] not in _ENUMERATIONS:
        return UNKNOWN
    mixed = [_MIXED_IN.get(name) for name in names[:-1]]
    if None in mixed or len(mixed) > 1:
        return UNKNOWN
    members = dict(_members(reader, node))
    kind = _ENUMERATIONS[names[-1]]
    made = kind(node.name, members, type=mixed[0]) if mixed else kind(node.name, members)
    made.__module__, made.__doc__ = reader.module.name, docstring(node)
    return made


def _members(reader: Expressions, node: ast.ClassDef) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if not isinstance(target, ast.Name) or target.id.startswith("_"):
                    raise NotPlainError
                found.append((target.id, _member_value(reader, statement.value)))
        elif isinstance(statement, ast.FunctionDef):
            if statement.name.startswith("_") and statement.name != "__str__":
                raise NotPlainError
        elif not isinstance(statement, ast.Expr | ast.Pass):
            raise NotPlainError
    return found


def _member_value(reader: Expressions, node: ast.expr) -> Any:  # noqa: ANN401 - any value
    if isinstance(node, ast.Call) and reader.name_of(node.func) == "enum.auto":
        return enum.auto()
    return reader.literals.value(node)


def _body(reader: Expressions, node: ast.ClassDef) -> dict[str, Any]:
    body: dict[str, Any] = {
        "__module__": reader.module.name,
        "__qualname__": node.name,
        "__annotations__": {},
    }
    if docstring(node) is not None:
        body["__doc__"] = docstring(node)
    return body
