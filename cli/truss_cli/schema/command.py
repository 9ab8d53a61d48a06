"""`truss schema`: print the schemas of a model's input and output."""

import json
import math
import os
import sys
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from truss_cli.errors import ExitCode, TrussError
from truss_cli.project import Truss, open_truss
from truss_cli.schema.documents import DIALECT, Schema, input_schema, output_schema, schemas
from truss_cli.schema.interface import read_interface
from truss_cli.schema.model_source import TrussSource
from truss_cli.schema.openapi import openapi_document


class Part(Enum):
    """The requested document."""

    BOTH = auto()
    INPUT = auto()
    OUTPUT = auto()
    OPENAPI = auto()


def print_schema(folder: Path, part: Part, read: Callable[[Truss], TrussSource]) -> ExitCode:
    """Print a schema of the truss in a folder, read by `read`. Raises TrussError if it has no model class."""
    source = _source(folder, read)
    interface = read_interface(source)
    if part is Part.OPENAPI:
        document = openapi_document(source, interface)
    elif part is Part.INPUT:
        document = {"$schema": DIALECT, **input_schema(interface)}
    elif part is Part.OUTPUT:
        document = {"$schema": DIALECT, **output_schema(interface)}
    else:
        document = schemas(interface)
    sys.stdout.write(_text(document))
    return ExitCode.OK


def _text(document: Schema) -> str:
    # An example in YAML can contain values that JSON lacks, such as dates; they become strings.
    return json.dumps(_finite(document), indent=2, default=str) + "\n"


def _finite(value: object) -> object:
    """Return a document without numbers that JSON lacks, such as an infinite default."""
    if isinstance(value, dict):
        return {str(key): _finite(inner) for key, inner in value.items() if not _is_infinite(inner)}
    return (
        [_finite(inner) for inner in value if not _is_infinite(inner)] if isinstance(value, list) else value
    )


def _is_infinite(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _source(folder: Path, read: Callable[[Truss], TrussSource]) -> TrussSource:
    if not os.path.isdir(folder):  # noqa: PTH112 - pathlib raises for a name that is too long
        hint = "Pass the folder of a truss: `truss schema DIRECTORY`."
        raise TrussError(f"{folder} is not a folder", hint=hint)
    try:
        source = read(open_truss(folder))
        _require_model(source)
    except OSError as error:
        raise TrussError(f"cannot read {error.filename}: {error.strerror}") from None
    return source


def _require_model(source: TrussSource) -> None:
    truss = source.truss
    if truss.document is None:
        hint = "Run this in the truss's folder, or name the folder."
        raise TrussError(f"{truss.folder} is not a truss: it has no config.yaml", hint=hint)
    fault = None
    if source.model_file is None:
        fault = f"{truss.model_path} does not exist, so there is no schema to read"
    elif source.model_module is None:
        fault = f"{truss.model_path} cannot be parsed"
    elif source.model is None and truss.class_name not in source.model_module.scope.bindings:
        fault = f"{truss.model_path} has no class `{truss.class_name}`"
    if fault:
        hint = f"`truss check {truss.folder}` says more."
        raise TrussError(fault, hint=hint, exit_code=ExitCode.FAULT)
