"""JSON Schema of a model's input and output, as Pydantic derives it from their types."""

import warnings
from typing import Any, Literal

from truss_cli.schema.interface import Interface
from truss_cli.static.pydantic.external import UNKNOWN, TypeForm

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REFERENCE = "#/$defs/{model}"
_CHUNKS = {"type": "string"}
"""The schema of a stream after its chunks are joined."""

Schema = dict[str, Any]  # Any: JSON


def schemas(interface: Interface) -> Schema:
    """Return the schemas, each a separate document, under the keys of the deployed schema route."""
    return {
        "input_schema": input_schema(interface),
        "output_schema": output_schema(interface),
        "supports_streaming": interface.streams,
    }


def input_schema(interface: Interface, reference: str = REFERENCE) -> Schema:
    """Return the schema of a request; `{}` if it is unknown."""
    return _schema(interface.input, "validation", reference)


def output_schema(interface: Interface, reference: str = REFERENCE) -> Schema:
    """Return the schema of a response; results are serialized under field names, not aliases."""
    if not interface.whole:
        return dict(_CHUNKS)
    schema = _schema(interface.output, "serialization", reference)
    return {"anyOf": [schema, _CHUNKS]} if interface.streams and schema and "$defs" not in schema else schema


def _schema(annotation: TypeForm, mode: Literal["validation", "serialization"], reference: str) -> Schema:
    if annotation is UNKNOWN:
        return {}
    from pydantic import TypeAdapter  # noqa: PLC0415 - it takes as long as a check

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # defaults that are not JSON are omitted
            adapter: TypeAdapter[object] = TypeAdapter(annotation)
            return adapter.json_schema(mode=mode, by_alias=mode == "validation", ref_template=reference)
    except Exception:  # noqa: BLE001 - Pydantic raises errors of many classes for types without a schema
        return {}
