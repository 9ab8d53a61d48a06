"""JSON Schema of a model's input and output: what Pydantic says of their types."""

import warnings
from typing import Any, Literal

from truss_cli.schema.interface import Interface
from truss_cli.schema.source.known import UNKNOWN

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REFERENCE = "#/$defs/{model}"
_CHUNKS = {"type": "string"}
"""What a stream is once it has been collected."""

Schema = dict[str, Any]  # Any: JSON


def schemas(interface: Interface) -> Schema:
    """Return the schemas under the keys that the deployed route gives them, each a document of its own."""
    return {
        "input_schema": input_schema(interface),
        "output_schema": output_schema(interface),
        "supports_streaming": interface.streams,
    }


def input_schema(interface: Interface, reference: str = REFERENCE) -> Schema:
    """Return the schema of what a caller sends; `{}` if it is not known."""
    return _schema(interface.input, "validation", reference)


def output_schema(interface: Interface, reference: str = REFERENCE) -> Schema:
    """Return the schema of what a caller gets, where results are sent under the names of their fields."""
    if not interface.whole:
        return dict(_CHUNKS)
    found = _schema(interface.output, "serialization", reference)
    return {"anyOf": [found, _CHUNKS]} if interface.streams and found and "$defs" not in found else found


def _schema(kind: Any, mode: Literal["validation", "serialization"], reference: str) -> Schema:  # noqa: ANN401 - a type
    if kind is UNKNOWN:
        return {}
    from pydantic import TypeAdapter  # noqa: PLC0415 - it takes as long as a check

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of defaults that are not JSON: they are left out
            adapter: TypeAdapter[object] = TypeAdapter(kind)
            return adapter.json_schema(mode=mode, by_alias=mode == "validation", ref_template=reference)
    except Exception:  # noqa: BLE001 - whatever Pydantic refuses a type with, its schema is not known
        return {}
