"""The OpenAPI document of a deployed model."""

import ast
import re
from typing import Any

from truss_cli.contract.terms import ENDPOINTS
from truss_cli.schema.documents import Schema, input_schema, output_schema
from truss_cli.schema.interface import Interface
from truss_cli.schema.model_source import TrussSource

_MODEL_ROUTE = "/v1/models/model"
_REFERENCE = "#/components/schemas/{model}"
_OUTPUT_REFERENCE = "#/components/schemas/{model}Output"
_FAILURES = {
    "400": "The input is not JSON, or does not fit the model's input.",
    "500": "The model raised an exception, or returned a result that cannot be sent.",
    "503": "The model is not loaded yet.",
}


def openapi_document(source: TrussSource, interface: Interface) -> Schema:
    """Return an OpenAPI 3.1 document of the server's routes for the model."""
    components: Schema = {
        "Error": {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
    }
    taken = _moved(input_schema(interface, _REFERENCE), components, "")
    given = _moved(output_schema(interface, _OUTPUT_REFERENCE), components, "Output")
    return {
        "openapi": "3.1.0",
        "info": _info(source),
        "paths": {
            _MODEL_ROUTE: {"get": _readiness()},
            **_predict(source, interface, taken, given),
            **{_endpoint_route(name): _endpoint(source, name) for name in _endpoints(source)},
        },
        "components": {"schemas": components},
    }


def _moved(schema: Schema, components: Schema, suffix: str) -> Schema:
    """Move the definitions of a schema to the components, and return the remaining schema."""
    for name, definition in schema.pop("$defs", {}).items():
        components[f"{name}{suffix}"] = definition
    return schema


def _info(source: TrussSource) -> Schema:
    name = source.truss.text("model_name", "") or source.truss.folder.resolve().name
    info = {"title": name, "version": "0"}
    text = _docstring(source.model.node) if source.model else None
    return {**info, "description": text} if text else info


def _predict(source: TrussSource, interface: Interface, taken: Schema, given: Schema) -> Schema:
    if source.model is not None and "websocket" in source.model.shape.members:
        return {}
    content: dict[str, Any] = {"application/json": {"schema": given}}
    if interface.streams:
        content["application/octet-stream"] = {"schema": {"type": "string"}}
    body: Schema = {"schema": taken}
    metadata = source.truss.values.get("model_metadata")
    if isinstance(metadata, dict) and "example_model_input" in metadata:
        body["example"] = metadata["example_model_input"]
    operation = _operation("predict", body, content)
    found = source.model.function("predict") if source.model else None
    text = _docstring(found[1]) if found else None
    if text:
        operation["description"] = text
    return {f"{_MODEL_ROUTE}:predict": {"post": operation}}


def _operation(name: str, body: Schema, content: Schema) -> Schema:
    error = {"application/json": {"schema": {"$ref": _REFERENCE.format(model="Error")}}}
    failures = {code: {"description": text, "content": error} for code, text in _FAILURES.items()}
    return {
        "operationId": name,
        "requestBody": {"required": True, "content": {"application/json": body}},
        "responses": {"200": {"description": "The result.", "content": content}, **failures},
    }


def _readiness() -> Schema:
    return {
        "operationId": "readiness",
        "responses": {
            "200": {"description": "The model is ready."},
            "503": {"description": _FAILURES["503"]},
        },
    }


def _endpoints(source: TrussSource) -> list[str]:
    return [name for name in ENDPOINTS if source.model and name in source.model.shape.members]


def _endpoint_route(name: str) -> str:
    return f"/v1/{name.replace('_', '/')}"


def _endpoint(source: TrussSource, name: str) -> Schema:
    operation = _operation(name, {"schema": {}}, {"application/json": {"schema": {}}})
    found = source.model.function(name) if source.model else None
    text = _docstring(found[1]) if found else None
    return {"post": {**operation, "description": text} if text else operation}


def _docstring(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    text = ast.get_docstring(node)
    return re.sub(r"\s+\Z", "", text) if text else None
