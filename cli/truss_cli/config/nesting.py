"""What a field of a section holds: a plain value, or sections in some form."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import TypeAdapter

from truss_cli.config.schema.section import Lazy, Section


class Form(Enum):
    """How sections stand in a field."""

    ONE = auto()
    LIST = auto()
    NAMED = auto()
    """A mapping of names to sections."""


@dataclass(frozen=True, slots=True)
class Nested:
    """Sections in a field."""

    classes: tuple[type[Section], ...]
    form: Form
    nullable: bool
    by: str | None = None
    """The key that tells several classes apart."""
    first_by_default: bool = False
    """Whether the first class holds when that key is absent."""
    beside: bool = False
    """Whether a plain value will do as well."""

    def choose(self, value: Mapping[object, object]) -> type[Section] | None:
        """Give the class for a mapping; None if the key that tells classes apart does not."""
        if self.by is None or (self.first_by_default and self.by not in value):
            return self.classes[0]
        kind = value.get(self.by)
        return next((section for section in self.classes if kind in self.kinds(section)), None)

    def kinds(self, section: type[Section]) -> tuple[object, ...]:
        """Give the values of the telling key that mean a class."""
        return get_args(section.model_fields[self.by].annotation) if self.by else ()


@cache
def nested(section: type[Section], key: str) -> Nested | None:
    """Give the sections in a field, or None if it holds a plain value."""
    field = section.model_fields[key]
    lazy = next((mark for mark in field.metadata if isinstance(mark, Lazy)), None)
    if lazy is not None:
        return Nested(
            lazy.classes(),
            Form.LIST if lazy.many else Form.ONE,
            lazy.nullable,
            lazy.by,
            first_by_default=True,
        )
    members = _members(field.annotation)
    nullable = NoneType in members
    sections = tuple(member for member in members if _is_section(member))
    if sections:
        by = field.discriminator if isinstance(field.discriminator, str) else None
        return Nested(sections, Form.ONE, nullable, by, beside=len(members) > len(sections) + nullable)
    for member in members:
        inner = get_args(member)
        if inner and _is_section(inner[-1]) and get_origin(member) in (list, dict):
            form = Form.LIST if get_origin(member) is list else Form.NAMED
            return Nested((inner[-1],), form, nullable)
    return None


@cache
def plain_type(section: type[Section], key: str) -> TypeAdapter[Any]:  # Any: of a value not yet checked
    """Give what checks a field's plain value: of a field with sections, all but them."""
    field = section.model_fields[key]
    members = [member for member in _members(field.annotation) if not _is_section(member)]
    if len(members) < len(_members(field.annotation)):
        return TypeAdapter(Union[tuple(members)])  # noqa: UP007 - built from what the annotation has
    return _adapter(field.annotation) if not field.metadata else TypeAdapter(field.rebuild_annotation())


@cache
def name_type(section: type[Section], key: str) -> TypeAdapter[Any]:  # Any: of a value not yet checked
    """Give what checks the names in a field of named sections."""
    for member in _members(section.model_fields[key].annotation):
        if get_origin(member) is dict:
            return TypeAdapter(get_args(member)[0])
    raise AssertionError(key)


@cache
def _adapter(annotation: object) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)


def _members(annotation: object) -> tuple[object, ...]:
    if get_origin(annotation) in (Union, UnionType):
        return get_args(annotation)
    return (annotation,)


def _is_section(annotation: object) -> bool:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return isinstance(annotation, type) and issubclass(annotation, Section)
