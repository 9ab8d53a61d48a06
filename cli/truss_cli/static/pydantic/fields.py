"""Field descriptions: `Field(...)`, defaults, and the metadata of `Annotated`."""

import ast
import contextlib
import dataclasses
from typing import Any

from truss_cli.static.pydantic.body_names import BodyNames
from truss_cli.static.pydantic.external import look_up
from truss_cli.static.pydantic.literals import NotPlainError
from truss_cli.static.pydantic.unchecked import accept_any

Default = Any  # Any: a value of any type, or a description of a field
_FIELD = frozenset({"pydantic.Field", "pydantic.fields.Field"})
_DECISIVE = frozenset(
    {
        "alias",
        "alias_priority",
        "coerce_numbers_to_str",
        "discriminator",
        "exclude",
        "field_title_generator",
        "init",
        "json_schema_extra",
        "serialization_alias",
        "strict",
        "validation_alias",
    }
)
"""Arguments of `Field` without whose values the name or the accepted types of a field are unknown."""
_METADATA = ("pydantic.", "annotated_types.")


def default_of(names: BodyNames, node: ast.expr | None) -> Default:
    """Return the default that a Pydantic model assigns to a field, with its description; `...` if none.

    Raises NotPlainError if source does not show the name of the field.
    """
    from pydantic import Field  # noqa: PLC0415 - it takes as long as a check

    if node is None:
        return ...
    if isinstance(node, ast.Call) and names.external_name(node.func) in _FIELD:
        return _field(names, node)
    try:
        return Field(default=names.literals.value(node))
    except NotPlainError:
        return Field(default_factory=_unknown_default, validate_default=False)


def dataclass_default(names: BodyNames, node: ast.expr) -> Default:
    """Return the default that a dataclass assigns to a field. Raises NotPlainError."""
    if isinstance(node, ast.Call) and names.external_name(node.func) == "dataclasses.field":
        keywords = names.literals.keywords(node)
        unknown = {keyword.arg for keyword in node.keywords} - keywords.keys()
        if not unknown.isdisjoint({"init", "kw_only"}):
            raise NotPlainError
        arguments: dict[str, object] = {
            name: keywords[name] for name in ("default", "init", "kw_only") if name in keywords
        }
        if unknown & {"default", "default_factory"}:
            arguments["default_factory"] = _unknown_default
        return dataclasses.field(**arguments)  # type: ignore[call-overload]  # dataclasses checks the types
    try:
        return names.literals.value(node)
    except NotPlainError:
        return dataclasses.field(default_factory=_unknown_default)


def metadata(names: BodyNames, node: ast.expr) -> object:
    """Return an argument of `Annotated` as Pydantic reads it; None if it ignores it. Raises NotPlainError."""
    if not isinstance(node, ast.Call):
        return _marker(names, node)
    name = names.external_name(node.func)
    if name in _FIELD:
        return _field(names, node)
    attribute = name.rpartition(".")[2] if name.startswith("pydantic.") else ""
    if attribute == "AfterValidator":
        return None
    if attribute == "BeforeValidator":
        return accept_any()
    metadata_class = look_up(name)
    if not name.startswith(_METADATA) or not isinstance(metadata_class, type):
        raise NotPlainError
    arguments = [names.literals.value(argument) for argument in node.args]
    keywords = names.literals.all_keywords(node)
    try:
        return metadata_class(*arguments, **keywords)
    except (TypeError, ValueError):
        raise NotPlainError from None


def _marker(names: BodyNames, node: ast.expr) -> object:
    """Return metadata that is not a call, such as `Strict`; Pydantic ignores constants."""
    if isinstance(node, ast.Constant):
        return None
    name = names.external_name(node)
    marker = look_up(name)
    if not name.startswith(_METADATA) or marker is None:
        raise NotPlainError
    return marker


def _field(names: BodyNames, node: ast.Call) -> Default:
    from pydantic import Field  # noqa: PLC0415 - it takes as long as a check

    keywords = names.literals.keywords(node)
    argument_names = {keyword.arg for keyword in node.keywords}
    if len(node.args) > 1 or not argument_names.isdisjoint(_DECISIVE - keywords.keys()):
        raise NotPlainError
    if node.args:
        argument_names.add("default")
        with contextlib.suppress(NotPlainError):
            keywords["default"] = names.literals.value(node.args[0])
    if not (argument_names - keywords.keys()).isdisjoint({"default", "default_factory"}):
        keywords.update(default_factory=_unknown_default, validate_default=False)
    try:
        return Field(**keywords)  # type: ignore[call-overload]  # Pydantic checks the types
    except Exception:  # noqa: BLE001 - Pydantic rejects descriptions with errors of many classes
        raise NotPlainError from None


def _unknown_default() -> None:
    """Replace a default that only running the code would compute."""
