"""What a field of a section holds: a plain value, or sections in some form."""

import os
from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import TypeAdapter

from truss_cli.config.fields.fast_check import FastCheck, fast_check_of
from truss_cli.config.fields.section import Lazy, Section

_NO_PLUGINS = "PYDANTIC_DISABLE_PLUGINS"

NestingForm = Literal["one", "list", "named"]
"""How sections stand in a field; named is a mapping of names to sections."""


class Nested(NamedTuple):
    """Sections in a field."""

    classes: tuple[type[Section], ...]
    form: NestingForm
    nullable: bool
    by: str | None = None
    """The key that decides between several classes."""
    first_by_default: bool = False
    """Whether the first class holds when that key is absent."""
    beside: bool = False
    """Whether a plain value will do as well."""

    def choose(self, value: Mapping[object, object]) -> type[Section] | None:
        """Return the class for a mapping; None if the key that decides does not."""
        if self.by is None or (self.first_by_default and self.by not in value):
            return self.classes[0]
        kind = value.get(self.by)
        return next((section for section in self.classes if kind in self.kinds(section)), None)

    def kinds(self, section: type[Section]) -> tuple[object, ...]:
        """Return the values of the telling key that mean a class."""
        return get_args(section.model_fields[self.by].annotation) if self.by else ()


@cache
def nested(section: type[Section], key: str) -> Nested | None:
    """Return the sections in a field, or None if it holds a plain value."""
    field = section.model_fields[key]
    lazy = next((mark for mark in field.metadata if isinstance(mark, Lazy)), None)
    if lazy is not None:
        return Nested(
            lazy.classes(),
            "list" if lazy.many else "one",
            lazy.nullable,
            lazy.by,
            first_by_default=True,
        )
    members = _members(field.annotation)
    nullable = NoneType in members
    sections = tuple(member for member in members if isinstance(member, type) and issubclass(member, Section))
    if sections:
        by = field.discriminator if isinstance(field.discriminator, str) else None
        return Nested(sections, "one", nullable, by, beside=len(members) > len(sections) + nullable)
    for member in members:
        inner = get_args(member)
        if inner and _is_section(inner[-1]) and get_origin(member) in (list, dict):
            form: NestingForm = "list" if get_origin(member) is list else "named"
            return Nested((inner[-1],), form, nullable)
    return None


@cache
def plain_type(section: type[Section], key: str) -> TypeAdapter[Any]:  # Any: of a value not yet checked
    """Return what checks a field's plain value: of a field with sections, all but them."""
    field = section.model_fields[key]
    members = _members(field.annotation)
    plain = tuple(member for member in members if not _is_section(member))
    annotation: Any = Union[plain] if len(plain) < len(members) else field.rebuild_annotation()  # noqa: UP007
    return _type_adapter(annotation)


@cache
def fast_check(section: type[Section], key: str) -> FastCheck:
    """Return the fast check of a field's plain value."""
    field = section.model_fields[key]
    return fast_check_of(field.annotation, field.metadata)


@cache
def name_type(section: type[Section], key: str) -> TypeAdapter[Any]:  # Any: of a value not yet checked
    """Return what checks the names in a field of named sections."""
    for member in _members(section.model_fields[key].annotation):
        if get_origin(member) is dict:
            return _type_adapter(get_args(member)[0])
    raise AssertionError(key)


def _type_adapter(annotation: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - built from what annotations have
    """Build without pydantic's plugins: looking for them reads the metadata of every installed package."""
    before = os.environ.get(_NO_PLUGINS)
    os.environ[_NO_PLUGINS] = "__all__"
    try:
        return TypeAdapter(annotation)
    finally:
        if before is None:
            del os.environ[_NO_PLUGINS]
        else:
            os.environ[_NO_PLUGINS] = before


def _members(annotation: object) -> tuple[object, ...]:
    if get_origin(annotation) in (Union, UnionType):
        return get_args(annotation)
    return (annotation,)


def _is_section(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)
