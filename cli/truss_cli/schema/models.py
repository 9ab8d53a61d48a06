"""Pydantic models, made again."""

import ast
import types
from typing import TYPE_CHECKING, Any, Generic, get_origin

from truss_cli.schema.fields import default_of
from truss_cli.schema.source.bodies import WrittenField, assigned, computing, docstring, written_fields
from truss_cli.schema.source.expressions import Expressions
from truss_cli.schema.source.known import UNKNOWN, look_up
from truss_cli.schema.source.literals import NotPlainError

if TYPE_CHECKING:
    from collections.abc import Callable

_CONFIG = ("pydantic.ConfigDict", "pydantic.config.ConfigDict")
_NEUTRAL_BASES = frozenset({"abc.ABC"})
_GENERATORS = frozenset({"alias_generator"})
_DECIDING = frozenset(
    {
        "alias_generator",
        "field_title_generator",
        "json_encoders",
        "json_schema_extra",
        "model_title_generator",
        "schema_extra",
    }
)
"""Settings that may say anything of the schema: unless they are plain, the model is unknown."""


def make_model(reader: Expressions, node: ast.ClassDef) -> Any:  # noqa: ANN401 - a type expression
    """Return a Pydantic model with the fields, settings and base classes of one in the truss."""
    from pydantic import BaseModel  # noqa: PLC0415 - it takes as long as a check

    bases = tuple(_bases(reader, node)) or (BaseModel,)
    if UNKNOWN in bases:
        return UNKNOWN
    settings = _settings(reader, node)
    texts = settings.pop("use_attribute_docstrings", False)
    body: dict[str, Any] = {
        "__module__": reader.module.name,
        "__qualname__": node.name,
        "__doc__": docstring(node),
        "__annotations__": {},
        "model_config": settings,
    }
    for field in written_fields(reader, node):
        if not field.name.startswith("_"):
            body["__annotations__"][field.name] = reader.read(field.annotation)
            default = _default(reader, field, use_text=bool(texts))
            if default is not ...:
                body[field.name] = default
    body.update(_computed(reader, node))
    return types.new_class(node.name, bases, exec_body=lambda namespace: namespace.update(body))


def _bases(reader: Expressions, node: ast.ClassDef) -> list[Any]:  # Any: type expressions
    found = []
    for base in node.bases:
        if reader.name_of(base) not in _NEUTRAL_BASES:
            made = reader._replace(around=None).read(base)
            found.append(made if _is_model(made) or get_origin(made) is Generic else UNKNOWN)
    return found


def _is_model(made: Any) -> bool:  # noqa: ANN401 - a type expression
    from pydantic import BaseModel  # noqa: PLC0415 - it takes as long as a check

    return isinstance(made, type) and issubclass(made, BaseModel)


def _computed(reader: Expressions, node: ast.ClassDef) -> dict[str, Any]:  # Any: properties
    """Return the fields that are computed when a result is sent, with nothing to compute them."""
    from pydantic import computed_field  # noqa: PLC0415 - it takes as long as a check

    found: dict[str, Any] = {}
    for statement in node.body:
        decorator = computing(reader, statement)
        if decorator is None or not isinstance(statement, ast.FunctionDef):
            continue
        keywords: dict[str, Any] = (
            reader.literals.keywords(decorator) if isinstance(decorator, ast.Call) else {}
        )
        if isinstance(decorator, ast.Call) and len(keywords) < len(decorator.keywords):
            raise NotPlainError
        found[statement.name] = computed_field(**keywords)(property(_nothing(reader, statement)))
    return found


def _nothing(reader: Expressions, method: ast.FunctionDef) -> "Callable[[object], None]":
    """Return a function with the name, docstring and result type of a method, which does nothing."""

    def compute(_self: object) -> None: ...

    compute.__name__, compute.__doc__ = method.name, docstring(method)
    compute.__annotations__ = {"return": UNKNOWN if method.returns is None else reader.read(method.returns)}
    return compute


def _default(reader: Expressions, field: WrittenField, *, use_text: bool) -> Any:  # noqa: ANN401 - any value
    from pydantic import Field  # noqa: PLC0415 - it takes as long as a check

    default = default_of(reader, field.value)
    if use_text and field.text is not None:
        default = Field() if default is ... else default
        default.description = default.description or field.text
        default._attributes_set.setdefault("description", default.description)  # noqa: SLF001 - no other way
    return default


def _settings(reader: Expressions, node: ast.ClassDef) -> dict[str, Any]:  # Any: settings of Pydantic
    written = assigned(node, "model_config")
    keywords = [keyword for keyword in node.keywords if keyword.arg != "metaclass"]
    if len(keywords) < len(node.keywords) or any(
        isinstance(one, ast.ClassDef) and one.name == "Config" for one in node.body
    ):
        raise NotPlainError
    found: dict[str, Any] = {}
    if isinstance(written, ast.Call) and reader.name_of(written.func) in _CONFIG:
        keywords = [*written.keywords, *keywords]
    elif isinstance(written, ast.Dict):
        names = [reader.literals.text(key) for key in written.keys]
        pairs = zip(names, written.values, strict=True)
        keywords = [*(ast.keyword(name, value) for name, value in pairs), *keywords]
    elif written is not None:
        raise NotPlainError
    for keyword in keywords:
        found.update(_setting(reader, keyword))
    return found


def _setting(reader: Expressions, keyword: ast.keyword) -> dict[str, Any]:  # Any: settings of Pydantic
    """Return one setting; none if it does not matter what it is. Raises NotPlainError if it does."""
    name = keyword.arg
    if name is None:
        raise NotPlainError
    try:
        return {name: reader.literals.value(keyword.value)}
    except NotPlainError:
        known = look_up(reader.name_of(keyword.value)) if name in _GENERATORS else None
        if known is not None:
            return {name: known}
        if name in _DECIDING:
            raise
        return {}
