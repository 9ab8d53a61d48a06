"""What may be looked up by name outside the truss: types and functions of Python's and Pydantic's own."""

import importlib
import warnings
from functools import cache
from typing import Any

from truss_cli.static.names.known_types import canonical

UNKNOWN: Any = Any
"""A type that is not known: its schema is `{}`."""
_MODULES = frozenset(
    {
        "annotated_types",
        "builtins",
        "collections",
        "collections.abc",
        "datetime",
        "decimal",
        "fractions",
        "ipaddress",
        "pathlib",
        "pydantic",
        "pydantic.alias_generators",
        "pydantic.fields",
        "pydantic.networks",
        "pydantic.types",
        "typing",
        "typing_extensions",
        "uuid",
    }
)


@cache
def look_up(name: str) -> object:
    """Return what a dotted name means in one of the modules that are safe to ask; None for nothing."""
    module, _, attribute = name.rpartition(".")
    if module not in _MODULES:
        return None
    return getattr(importlib.import_module(module), attribute, None)


@cache
def known_type(name: str) -> Any:  # noqa: ANN401 - a type expression
    """Return the type of a dotted name, if Pydantic has a schema for it; else UNKNOWN."""
    if canonical(name) == "builtins.None":
        return None
    found = look_up(name)
    if found is None or name in ("builtins.object", "typing.Any"):
        return UNKNOWN
    return found if has_schema(found) else UNKNOWN


def has_schema(found: Any) -> bool:  # noqa: ANN401 - a type expression
    """Whether Pydantic can say what a type looks like in JSON, both ways."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - it takes as long as a check

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of defaults that are not JSON: they are left out
            adapter: TypeAdapter[object] = TypeAdapter(found)
            adapter.json_schema(mode="validation")
            adapter.json_schema(mode="serialization")
    except Exception:  # noqa: BLE001 - whatever it refuses a type with, the schema is not known
        return False
    return True
