"""Rebuilding of dataclasses, named tuples, TypedDicts and enumerations."""

import ast
import dataclasses
import enum
import types
from typing import Any, NamedTuple, NotRequired, Required, get_args, get_origin

from truss_cli.static.pydantic.annotations import AnnotationReader, may_be_unknown
from truss_cli.static.pydantic.body_names import BodyNames
from truss_cli.static.pydantic.class_body import docstring, written_fields
from truss_cli.static.pydantic.external import UNKNOWN, TypeForm
from truss_cli.static.pydantic.fields import dataclass_default, default_of
from truss_cli.static.pydantic.literals import NotPlainError
from truss_cli.static.pydantic.validators import Unchecked, unchecked_by_code

_MIXINS = {"builtins.str": str, "builtins.int": int, "builtins.float": float}
_ENUMERATIONS = {
    "enum.Enum": enum.Enum,
    "enum.IntEnum": enum.IntEnum,
    "enum.StrEnum": enum.StrEnum,
}
_OPTIONS = frozenset({"eq", "frozen", "kw_only", "order", "repr", "slots", "unsafe_hash"})


def build_dataclass(reader: AnnotationReader, node: ast.ClassDef) -> TypeForm:
    """Return a dataclass with the fields of a dataclass in the truss. Raises NotPlainError."""
    decorator = node.decorator_list[0]
    options: dict[str, Any] = {}  # Any: `dataclass` checks the types
    if isinstance(decorator, ast.Call):
        options = reader.names.literals.all_keywords(decorator)
    if node.keywords or not options.keys() <= _OPTIONS:
        raise NotPlainError
    bases = tuple(reader.outside_class.read(base) for base in node.bases)
    if any(not dataclasses.is_dataclass(base) for base in bases):
        return UNKNOWN
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    if not reader.outside_class.names.external_name(function).startswith("pydantic"):
        namespace = type(node.name, bases, _dataclass_body(reader, node, is_pydantic=False))
        return dataclasses.dataclass(**options)(namespace)
    import pydantic.dataclasses  # noqa: PLC0415 - it takes as long as a check

    return pydantic.dataclasses.dataclass(**options)(
        type(node.name, bases, _dataclass_body(reader, node, is_pydantic=True))
    )


def _dataclass_body(reader: AnnotationReader, node: ast.ClassDef, *, is_pydantic: bool) -> dict[str, Any]:
    body = _body(reader.names, node)
    for field in written_fields(reader.names, node):
        body["__annotations__"][field.name] = reader.read(field.annotation)
        if field.value is not None:
            uses_field = is_pydantic and isinstance(field.value, ast.Call)
            read_default = default_of if uses_field else dataclass_default
            body[field.name] = read_default(reader.names, field.value)
    if is_pydantic:
        by_code = unchecked_by_code(reader.names, node)
        unknown = {name for name, annotation in body["__annotations__"].items() if may_be_unknown(annotation)}
        body.update(Unchecked(by_code.fields | unknown, by_code.everything).members(node))
    return body


def build_typed_dict(reader: AnnotationReader, node: ast.ClassDef) -> TypeForm:
    """Return a TypedDict with the keys of one in the truss, inherited keys first. Raises NotPlainError."""
    from typing_extensions import TypedDict  # noqa: PLC0415 - Pydantic requires this one before Python 3.12

    total: object = True
    for keyword in node.keywords:
        if keyword.arg != "total":
            raise NotPlainError
        total = reader.names.literals.value(keyword.value)
    fields: dict[str, TypeForm] = {}
    for base in node.bases:
        if reader.names.external_name(base).endswith(".TypedDict"):
            continue
        base_type = reader.outside_class.read(base)
        if base_type is UNKNOWN:
            return UNKNOWN
        for name, annotation in base_type.__annotations__.items():
            form: TypeForm = Required if name in base_type.__required_keys__ else NotRequired
            fields[name] = form[_without_form(annotation)]
    for field in written_fields(reader.names, node):
        if field.value is not None:
            raise NotPlainError
        fields[field.name] = reader.read(field.annotation)
    new_class = TypedDict(node.name, fields, total=bool(total))  # type: ignore[misc]  # built at run time
    new_class.__module__, new_class.__doc__ = reader.names.module.name, docstring(node)
    return new_class


def _without_form(annotation: TypeForm) -> TypeForm:
    origin: TypeForm = get_origin(annotation)
    return get_args(annotation)[0] if origin in (NotRequired, Required) else annotation


def build_named_tuple(reader: AnnotationReader, node: ast.ClassDef) -> TypeForm:
    """Return a named tuple with the fields of one in the truss. Raises NotPlainError."""
    bases = [reader.names.external_name(base) for base in node.bases]
    if len(bases) != 1 or node.keywords or not bases[0].endswith(".NamedTuple"):
        return UNKNOWN
    body = _body(reader.names, node)
    for field in written_fields(reader.names, node):
        body["__annotations__"][field.name] = reader.read(field.annotation)
        if field.value is not None:
            body[field.name] = reader.names.literals.value(field.value)
    return types.new_class(node.name, (NamedTuple,), exec_body=lambda namespace: namespace.update(body))


def build_enum(reader: AnnotationReader, node: ast.ClassDef) -> TypeForm:
    """Return an enumeration with the members of one in the truss. Raises NotPlainError."""
    bases = [reader.outside_class.names.external_name(base) for base in node.bases]
    if node.keywords or not bases or bases[-1] not in _ENUMERATIONS:
        return UNKNOWN
    mixins = [_MIXINS.get(name) for name in bases[:-1]]
    if None in mixins or len(mixins) > 1:
        return UNKNOWN
    members = _members(reader.names, node)
    base: TypeForm = _ENUMERATIONS[bases[-1]]
    new_class = base(node.name, members, type=mixins[0]) if mixins else base(node.name, members)
    new_class.__module__, new_class.__doc__ = reader.names.module.name, docstring(node)
    return new_class


def _members(names: BodyNames, node: ast.ClassDef) -> list[tuple[str, object]]:
    members: list[tuple[str, object]] = []
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if not isinstance(target, ast.Name) or target.id.startswith("_"):
                    raise NotPlainError
                members.append((target.id, _member_value(names, statement.value)))
        elif isinstance(statement, ast.FunctionDef):
            if statement.name.startswith("_") and statement.name != "__str__":
                raise NotPlainError
        elif not isinstance(statement, ast.Expr | ast.Pass):
            raise NotPlainError
    return members


def _member_value(names: BodyNames, node: ast.expr) -> object:
    if isinstance(node, ast.Call) and names.external_name(node.func) == "enum.auto":
        return enum.auto()
    return names.literals.value(node)


def _body(names: BodyNames, node: ast.ClassDef) -> dict[str, Any]:  # Any: attributes of a class
    body: dict[str, Any] = {
        "__module__": names.module.name,
        "__qualname__": node.name,
        "__annotations__": {},
    }
    if docstring(node) is not None:
        body["__doc__"] = docstring(node)
    return body
