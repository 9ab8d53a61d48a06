"""The config that a deployed model is given: what the build writes out, with defaults filled in."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from truss_cli.config.fields.nesting import Nested, nested, plain_type
from truss_cli.config.fields.section import Section
from truss_cli.config.schema.root import Config
from truss_cli.config.text.document import Document

Filled = dict[str, object]


def deployed_config(document: Document) -> dict[str, object]:
    """Return the plain dict that `Model.__init__` gets as `config`, its keys sorted.

    Every key of the schema is there, numbers given as strings are numbers, environment
    variables are strings, dates are ISO strings. A value that the schema refuses stays
    as it is written.
    """
    filled = _section(Config, document.values)
    plain: dict[str, object] = _as_built(from_json(to_json(filled, fallback=str)))
    return plain


def _section(section: type[Section], values: Mapping[Any, object]) -> Filled:  # Any: keys as YAML has them
    filled: Filled = {}
    former = {present: name for name, present in section.former_keys.items()}
    for key, field in section.model_fields.items():
        given = key if key in values else former.get(key, key)
        value, inside = values.get(given), nested(section, key)
        if inside is None or (inside.beside and not isinstance(value, dict)):
            default = None if field.is_required() else field.get_default(call_default_factory=True)
            filled[key] = _plain(section, key, value) if given in values else default
        else:
            filled[key] = _nested(inside, value, given=given in values)
    if not (section.ignores_unknown or section.passes_unknown):
        known = {*section.model_fields, *section.former_keys}
        filled |= {str(key): value for key, value in values.items() if key not in known}
    return section.deployed(filled)


def _nested(inside: Nested, value: object, *, given: bool) -> object:
    if inside.form == "list":
        items = value if isinstance(value, list) else []
        return None if inside.nullable and value is None else [_one(inside, item) for item in items]
    if inside.form == "named":
        return {name: _one(inside, item) for name, item in value.items()} if isinstance(value, dict) else None
    if isinstance(value, dict):
        return _one(inside, value)
    return value if inside.nullable or given else _one(inside, {})


def _one(inside: Nested, value: object) -> object:
    if not isinstance(value, dict):
        return value
    chosen = inside.choose(value)
    if chosen is None:
        return value
    return _section(chosen, value)


def _plain(section: type[Section], key: str, value: object) -> object:
    try:
        plain: object = plain_type(section, key).validate_python(value)
    except ValidationError:
        return value
    return plain


def _as_built(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Sort keys, and give null for what JSON cannot say."""
    if isinstance(value, dict):
        return {key: _as_built(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_as_built(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value
