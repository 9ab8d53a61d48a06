"""Rebuilding of Pydantic models."""

import ast
import types
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, get_origin

from truss_cli.static.pydantic.annotations import AnnotationReader, may_be_unknown
from truss_cli.static.pydantic.body_names import BodyNames
from truss_cli.static.pydantic.class_body import (
    WrittenField,
    assigned,
    computed_field,
    docstring,
    written_fields,
)
from truss_cli.static.pydantic.external import UNKNOWN, TypeForm, look_up
from truss_cli.static.pydantic.fields import Default, default_of
from truss_cli.static.pydantic.literals import NotPlainError
from truss_cli.static.pydantic.validators import Unchecked, unchecked_by_code

_CONFIG = ("pydantic.ConfigDict", "pydantic.config.ConfigDict")
_NEUTRAL_BASES = frozenset({"abc.ABC"})
_SCHEMA_SETTINGS = frozenset(
    {
        "alias_generator",
        "field_title_generator",
        "json_encoders",
        "json_schema_extra",
        "model_title_generator",
        "schema_extra",
    }
)
"""Settings that may change the schema in any way; the model is unknown if their values are."""


class ModelSettings(NamedTuple):
    """The settings of a model that are literal; `complete` if there are no others."""

    values: dict[str, Any]  # Any: settings have values of many types
    complete: bool

    @property
    def validate_as_written(self) -> bool:
        """True if these settings determine which values are valid, in bounded time."""
        return self.complete and self.values.get("regex_engine") != "python-re"


def build_model(reader: AnnotationReader, node: ast.ClassDef) -> TypeForm:
    """Return a Pydantic model with the fields, settings and base classes of a model in the truss.

    Raises NotPlainError if source does not show them.
    """
    from pydantic import BaseModel  # noqa: PLC0415 - it takes as long as a check

    bases = tuple(_bases(reader, node)) or (BaseModel,)
    if UNKNOWN in bases:
        return UNKNOWN
    settings = _settings(reader.names, node)
    with_texts = bool(settings.values.pop("use_attribute_docstrings", False))
    body: dict[str, Any] = {  # Any: attributes of a class
        "__module__": reader.names.module.name,
        "__qualname__": node.name,
        "__doc__": docstring(node),
        "__annotations__": {},
        "model_config": settings.values,
    }
    for field in written_fields(reader.names, node):
        if not field.name.startswith("_"):
            body["__annotations__"][field.name] = reader.read(field.annotation)
            default = _default(reader.names, field, with_text=with_texts)
            if default is not ...:
                body[field.name] = default
    body.update(_computed_fields(reader, node))
    by_code = unchecked_by_code(reader.names, node)
    unknown = {name for name, annotation in body["__annotations__"].items() if may_be_unknown(annotation)}
    accept_all = by_code.everything or not settings.validate_as_written
    body.update(Unchecked(by_code.fields | unknown, accept_all).members(node))
    return types.new_class(node.name, bases, exec_body=lambda namespace: namespace.update(body))


def _bases(reader: AnnotationReader, node: ast.ClassDef) -> list[TypeForm]:
    bases = []
    for base in node.bases:
        if reader.names.external_name(base) not in _NEUTRAL_BASES:
            new_class = reader.outside_class.read(base)
            origin: TypeForm = get_origin(new_class)
            bases.append(new_class if _is_model(new_class) or origin is Generic else UNKNOWN)
    return bases


def _is_model(new_class: TypeForm) -> bool:
    from pydantic import BaseModel  # noqa: PLC0415 - it takes as long as a check

    return isinstance(new_class, type) and issubclass(new_class, BaseModel)


def _computed_fields(reader: AnnotationReader, node: ast.ClassDef) -> dict[str, object]:
    """Return the fields that are computed on serialization, with getters that compute nothing."""
    from pydantic import computed_field as decorate  # noqa: PLC0415 - it takes as long as a check

    properties: dict[str, object] = {}
    for statement in node.body:
        decorator = computed_field(reader.names, statement)
        if decorator is None or not isinstance(statement, ast.FunctionDef):
            continue
        keywords: dict[str, Any] = {}  # Any: Pydantic checks the types
        if isinstance(decorator, ast.Call):
            keywords = reader.names.literals.all_keywords(decorator)
        properties[statement.name] = decorate(**keywords)(property(_getter(reader, statement)))
    return properties


def _getter(reader: AnnotationReader, method: ast.FunctionDef) -> Callable[[object], None]:
    """Return a function with the name, docstring and return type of a method, and an empty body."""

    def compute(_self: object) -> None: ...

    compute.__name__, compute.__doc__ = method.name, docstring(method)
    compute.__annotations__ = {"return": UNKNOWN if method.returns is None else reader.read(method.returns)}
    return compute


def _default(names: BodyNames, field: WrittenField, *, with_text: bool) -> Default:
    from pydantic import Field  # noqa: PLC0415 - it takes as long as a check

    default = default_of(names, field.value)
    if with_text and field.text is not None:
        default = Field() if default is ... else default
        default.description = default.description or field.text
        default._attributes_set.setdefault("description", default.description)  # noqa: SLF001 - no other way
    return default


def _settings(names: BodyNames, node: ast.ClassDef) -> ModelSettings:
    settings: dict[str, Any] = {}  # Any: settings have values of many types
    is_complete = True
    for name, value in _written_settings(names, node):
        try:
            settings[name] = names.literals.value(value)
        except NotPlainError:
            generator = look_up(names.external_name(value)) if name == "alias_generator" else None
            if generator is not None:
                settings[name] = generator
            elif name in _SCHEMA_SETTINGS:
                raise
            else:
                is_complete = False
    return ModelSettings(settings, is_complete)


def _written_settings(names: BodyNames, node: ast.ClassDef) -> list[tuple[str, ast.expr]]:
    """Return the names and values of settings; keywords of the class come last. Raises NotPlainError."""
    config = assigned(node, "model_config")
    pairs: list[tuple[str | None, ast.expr]] = []
    if isinstance(config, ast.Call) and names.external_name(config.func) in _CONFIG:
        pairs += [(keyword.arg, keyword.value) for keyword in config.keywords]
    elif isinstance(config, ast.Dict):
        keys = [names.literals.text(key) for key in config.keys]
        pairs += zip(keys, config.values, strict=True)
    elif config is not None:
        raise NotPlainError
    pairs += [(keyword.arg, keyword.value) for keyword in node.keywords]
    settings = [(name, value) for name, value in pairs if name is not None and name != "metaclass"]
    has_old_settings = any(isinstance(inner, ast.ClassDef) and inner.name == "Config" for inner in node.body)
    if len(settings) < len(pairs) or has_old_settings:
        raise NotPlainError
    return settings
