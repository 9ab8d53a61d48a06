"""Types and functions of the standard library and Pydantic that are looked up by name."""

import importlib
import warnings
from functools import cache
from typing import Annotated, Any

from truss_cli.static.names.known_types import canonical
from truss_cli.static.pydantic.unchecked import accept_any

TypeForm = Any  # Any: the forms of `typing` have no common type
UNKNOWN: TypeForm = Any
"""The type where source does not show one; its schema is `{}`, and it accepts every value."""
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
_ENVIRONMENT = frozenset(
    {
        "DirectoryPath",
        "FilePath",
        "FutureDate",
        "FutureDatetime",
        "ImportString",
        "NewPath",
        "PastDate",
        "PastDatetime",
        "SocketPath",
    }
)
"""Types of Pydantic whose validation reads the file system or the clock, or imports a module."""


@cache
def look_up(name: str) -> object:
    """Return the object of a dotted name in one of the modules that are safe to import; None if missing."""
    module, _, attribute = name.rpartition(".")
    if module not in _MODULES:
        return None
    return getattr(importlib.import_module(module), attribute, None)


@cache
def known_type(name: str) -> TypeForm:
    """Return the type of a dotted name if Pydantic can derive its schema; else UNKNOWN.

    A type whose validation depends on this machine keeps its schema but accepts every value.
    """
    if canonical(name) == "builtins.None":
        return None
    symbol: TypeForm = look_up(name)
    if symbol is None or name in ("builtins.object", "typing.Any") or not has_schema(symbol):
        return UNKNOWN
    package, _, attribute = name.rpartition(".")
    if package.startswith("pydantic") and attribute in _ENVIRONMENT:
        return Annotated[symbol, accept_any()]
    return symbol


def has_schema(annotation: TypeForm) -> bool:
    """Return whether Pydantic can derive the JSON schemas of a type for validation and serialization."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - it takes as long as a check

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # defaults that are not JSON are omitted
            adapter: TypeAdapter[object] = TypeAdapter(annotation)
            adapter.json_schema(mode="validation")
            adapter.json_schema(mode="serialization")
    except Exception:  # noqa: BLE001 - Pydantic raises errors of many classes for types without a schema
        return False
    return True
