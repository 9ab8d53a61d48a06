"""TRS212: an example in config.yaml that the Pydantic model of the input rejects."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.schema import input_parameter
from truss_cli.contract.terms import PYDANTIC_MODEL, Severity
from truss_cli.diagnostic import Finding, Related
from truss_cli.static.names.symbols import Local
from truss_cli.static.pydantic.annotations import parameter_annotation
from truss_cli.static.pydantic.classes import ClassBuilder
from truss_cli.static.pydantic.validation import Mismatch, dotted, mismatches

_PATH = ("model_metadata", "example_model_input")
_MODEL = """\
from typing import Literal

import pydantic


class Sampler(pydantic.BaseModel):
    kind: Literal["ddim", "euler"] = "euler"


class Input(pydantic.BaseModel):
    text: str
    top_k: int = pydantic.Field(default=3, ge=1)
    sampler: Sampler = Sampler()


class Model:
    def predict(self, model_input: Input) -> str:
        return model_input.text
"""


def _find(facts: TrussFacts) -> Iterator[Finding]:
    metadata = facts.truss.values.get(_PATH[0])
    example = metadata.get(_PATH[1]) if isinstance(metadata, dict) else None
    symbol = _input_class(facts) if example is not None else None
    if symbol is None or not isinstance(symbol.node, ast.ClassDef) or facts.truss.document is None:
        return
    file, node = symbol.module.file, symbol.node
    model = ClassBuilder(facts.types).build(symbol.module, node)
    for mismatch in mismatches(model, example):
        path = mismatch.path[:-1] if mismatch.missing else mismatch.path
        span = facts.truss.document.span((*_PATH, *path), key=mismatch.missing)
        related = Related(file.source.path, file.span(node), f"`{node.name}` is the model's input")
        help_text = f"Change the example to fit `{node.name}`."
        message = _describe(mismatch, node.name)
        yield Finding(facts.truss.config_path, span, message, help_text, (related,))


def _describe(mismatch: Mismatch, model: str) -> str:
    if mismatch.missing:
        return (
            f"the example input lacks the required field `{dotted(mismatch.path)}`, so `{model}` rejects it"
        )
    place = f"`{dotted(mismatch.path)}` of the example input" if mismatch.path else "the example input"
    return f"`{model}` rejects {place}: {mismatch.message}"


def _input_class(facts: TrussFacts) -> Local | None:
    """Return the Pydantic model of the truss that requests are parsed into."""
    target = input_parameter(facts.model.shape) if facts.model else None
    if target is None or facts.model is None:
        return None
    method, parameter = target
    definition = facts.model.function(method)
    if definition is None or parameter.annotation is None or parameter.annotation.postponed:
        return None
    if not parameter.annotation.type.is_a(PYDANTIC_MODEL):
        return None
    module, function = definition
    annotation = parameter_annotation(function, parameter.name)
    symbol = facts.outside_functions(module, annotation) if annotation is not None else None
    return symbol if isinstance(symbol, Local) else None


EXAMPLE_REJECTED = Rule(
    code="TRS212",
    name="example-rejected",
    severity=Severity.WARNING,
    summary="The example input in config.yaml does not fit the model's input",
    explanation="""\
The first parameter of `preprocess` (else of `predict`) is annotated with a Pydantic
model, and that model rejects `model_metadata.example_model_input`: a required field is
missing, or a value has another type or breaks a constraint. Users who try the example
get an error.

The model is rebuilt from its source. Fields whose types are unknown, or whose values
the model's own code changes before they are validated, accept every value.

Change the example to fit the model.""",
    find=_find,
    good=(
        {
            "config.yaml": "model_metadata:\n  example_model_input:\n    text: hello\n    top_k: 5\n",
            "model/model.py": _MODEL,
        },
    ),
    bad=(
        {
            "config.yaml": "model_metadata:\n  example_model_input:\n    prompt: hello\n",
            "model/model.py": _MODEL,
        },
        {"config.yaml": "model_metadata:\n  example_model_input:\n    text: 3\n", "model/model.py": _MODEL},
        {
            "config.yaml": (
                "model_metadata:\n  example_model_input:\n    text: hello\n    top_k: 0\n"
                "    sampler:\n      kind: heun\n"
            ),
            "model/model.py": _MODEL,
        },
    ),
)
