"""`Field(...)` and what else says more of a field than its type does."""

import ast
import contextlib
import dataclasses
from typing import TYPE_CHECKING, Any

from truss_cli.schema.source.known import look_up
from truss_cli.schema.source.literals import NotPlainError

if TYPE_CHECKING:
    from truss_cli.schema.source.expressions import Expressions

FIELD = frozenset({"pydantic.Field", "pydantic.fields.Field"})
_NAMING = frozenset(
    {
        "alias",
        "alias_priority",
        "discriminator",
        "exclude",
        "field_title_generator",
        "init",
        "json_schema_extra",
        "serialization_alias",
        "validation_alias",
    }
)
"""Arguments without whose values not even the name of a field is known."""
_HARMLESS = frozenset({"AfterValidator", "BeforeValidator"})
"""What checks values and leaves the schema as it is."""
_METADATA = ("pydantic.", "annotated_types.")


def default_of(reader: "Expressions", node: ast.expr | None) -> Any:  # noqa: ANN401 - any value
    """Return what a Pydantic model assigns to a field, as `Field` describes it; `...` for nothing.

    Raises NotPlainError if not even the field's name can be known.
    """
    from pydantic import Field  # noqa: PLC0415 - it takes as long as a check

    if node is None:
        return ...
    if isinstance(node, ast.Call) and reader.name_of(node.func) in FIELD:
        return _field(reader, node)
    try:
        return Field(default=reader.literals.value(node))
    except NotPlainError:
        return Field(default_factory=_not_known)


def dataclass_default(reader: "Expressions", node: ast.expr) -> Any:  # noqa: ANN401 - any value
    """Return what a dataclass assigns to a field. Raises NotPlainError."""
    if isinstance(node, ast.Call) and reader.name_of(node.func) == "dataclasses.field":
        keywords = reader.literals.keywords(node)
        unknown = {keyword.arg for keyword in node.keywords} - keywords.keys()
        if not unknown.isdisjoint({"init", "kw_only"}):
            raise NotPlainError
        kept: dict[str, object] = {
            name: keywords[name] for name in ("default", "init", "kw_only") if name in keywords
        }
        if unknown & {"default", "default_factory"}:
            kept["default_factory"] = _not_known
        return dataclasses.field(**kept)  # type: ignore[call-overload]  # of any type
    try:
        return reader.literals.value(node)
    except NotPlainError:
        return dataclasses.field(default_factory=_not_known)


def metadata(reader: "Expressions", node: ast.expr) -> Any:  # noqa: ANN401 - any value
    """Return what `Annotated` adds to a type; None if it adds nothing. Raises NotPlainError."""
    if not isinstance(node, ast.Call):
        return _plain_metadata(reader, node)
    name = reader.name_of(node.func)
    short = name.rpartition(".")[2]
    if name in FIELD:
        return _field(reader, node)
    if name.startswith("pydantic.") and short in _HARMLESS:
        return None
    make = look_up(name)
    if not name.startswith(_METADATA) or not isinstance(make, type):
        raise NotPlainError
    arguments = [reader.literals.value(argument) for argument in node.args]
    keywords = reader.literals.keywords(node)
    if len(keywords) < len(node.keywords):
        raise NotPlainError
    try:
        return make(*arguments, **keywords)
    except (TypeError, ValueError):
        raise NotPlainError from None


def _plain_metadata(reader: "Expressions", node: ast.expr) -> Any:  # noqa: ANN401 - any value
    """Return what is written without a call, such as `Strict`; plain values mean nothing to Pydantic."""
    if isinstance(node, ast.Constant):
        return None
    name = reader.name_of(node)
    found = look_up(name)
    if not name.startswith(_METADATA) or found is None:
        raise NotPlainError
    return found


def _field(reader: "Expressions", node: ast.Call) -> Any:  # noqa: ANN401 - a description of a field
    from pydantic import Field  # noqa: PLC0415 - it takes as long as a check

    keywords = reader.literals.keywords(node)
    given = {keyword.arg for keyword in node.keywords}
    if len(node.args) > 1 or not given.isdisjoint(_NAMING - keywords.keys()):
        raise NotPlainError
    default = node.args[0] if node.args else None
    if default is not None:
        given.add("default")
        with contextlib.suppress(NotPlainError):
            keywords["default"] = reader.literals.value(default)
    if not (given - keywords.keys()).isdisjoint({"default", "default_factory"}):
        keywords["default_factory"] = _not_known
    try:
        return Field(**keywords)  # type: ignore[call-overload]  # Pydantic checks them
    except Exception:  # noqa: BLE001 - whatever Pydantic refuses it with
        raise NotPlainError from None


def _not_known() -> Any:  # noqa: ANN401 - stands for a default that only running the code would give
    return None
