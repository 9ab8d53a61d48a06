"""`truss schema`: read the model, and print what it takes and gives."""

import json
import math
import os
import sys
from enum import Enum, auto
from pathlib import Path

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.errors import ExitCode, TrussError
from truss_cli.project import open_truss
from truss_cli.schema.documents import DIALECT, Schema, input_schema, output_schema, schemas
from truss_cli.schema.interface import read_interface
from truss_cli.schema.openapi import openapi_document


class Part(Enum):
    """What is asked for."""

    BOTH = auto()
    INPUT = auto()
    OUTPUT = auto()
    OPENAPI = auto()


def print_schema(folder: Path, part: Part) -> ExitCode:
    """Print the schema of the truss in a folder. Raises TrussError if it has no model class to read."""
    facts = _facts(folder)
    interface = read_interface(facts)
    if part is Part.OPENAPI:
        document = openapi_document(facts, interface)
    elif part is Part.INPUT:
        document = {"$schema": DIALECT, **input_schema(interface)}
    elif part is Part.OUTPUT:
        document = {"$schema": DIALECT, **output_schema(interface)}
    else:
        document = schemas(interface)
    sys.stdout.write(_text(document))
    return ExitCode.OK


def _text(document: Schema) -> str:
    # What YAML has and JSON has not, such as a date in an example, is written as text.
    return json.dumps(_finite(document), indent=2, default=str) + "\n"


def _finite(value: object) -> object:
    """Leave out of a document what JSON has no number for, such as a default that is infinite."""
    if isinstance(value, dict):
        return {str(key): _finite(inner) for key, inner in value.items() if not _is_infinite(inner)}
    return (
        [_finite(inner) for inner in value if not _is_infinite(inner)] if isinstance(value, list) else value
    )


def _is_infinite(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _facts(folder: Path) -> TrussFacts:
    if not os.path.isdir(folder):  # noqa: PTH112 - pathlib raises for a name that is too long
        hint = "Give the folder of a truss: `truss schema DIRECTORY`."
        raise TrussError(f"{folder} is not a folder", hint=hint)
    try:
        facts = TrussFacts(open_truss(folder))
        _require_model(facts)
    except OSError as error:
        raise TrussError(f"cannot read {error.filename}: {error.strerror}") from None
    return facts


def _require_model(facts: TrussFacts) -> None:
    truss = facts.truss
    if truss.document is None:
        hint = "Run this in the truss's folder, or name the folder."
        raise TrussError(f"{truss.folder} is not a truss: it has no config.yaml", hint=hint)
    fault = None
    if facts.model_file is None:
        fault = f"{truss.model_path} does not exist, so there is no schema to read"
    elif facts.model_module is None:
        fault = f"{truss.model_path} cannot be parsed"
    elif facts.model is None and truss.class_name not in facts.model_module.scope.bindings:
        fault = f"{truss.model_path} has no class `{truss.class_name}`"
    if fault:
        hint = f"`truss check {truss.folder}` says more."
        raise TrussError(fault, hint=hint, exit_code=ExitCode.FAULT)
