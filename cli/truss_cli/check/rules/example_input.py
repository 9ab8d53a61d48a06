"""TRS212: an example in config.yaml that the model's own input would reject."""

import ast
from collections.abc import Iterator

from truss_cli.check.diagnostic import Finding, Related, Severity
from truss_cli.check.facts.example_input import has_plain_bases, rejected_fields
from truss_cli.check.facts.symbols import Local
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Example, Rule
from truss_cli.contract.schema import input_parameter

_PATH = ("model_metadata", "example_model_input")
_MODEL = """\
import pydantic


class Input(pydantic.BaseModel):
    text: str
    top_k: int = 3


class Model:
    def predict(self, model_input: Input) -> str:
        return model_input.text
"""


def _find(facts: TrussFacts) -> Iterator[Finding]:
    metadata = facts.truss.values.get(_PATH[0])
    example = metadata.get(_PATH[1]) if isinstance(metadata, dict) else None
    symbol = _input_class(facts)
    if symbol is None or not isinstance(example, dict) or facts.truss.document is None:
        return
    node = symbol.node
    if not isinstance(node, ast.ClassDef) or not has_plain_bases(facts.types, symbol.module, node):
        return
    file = symbol.module.file
    for rejected in rejected_fields(facts.types, symbol.module, node, example):
        path = _PATH if rejected.missing else (*_PATH, rejected.field)
        span = facts.truss.document.span(path, key=rejected.missing)
        related = Related(file.source.path, file.span(node), f"`{node.name}` is the model's input")
        message = f"the example input {rejected.reason}, so `{node.name}` rejects it"
        help_text = f"Give the example what `{node.name}` asks for."
        yield Finding(facts.truss.config_path, span, message, help_text, (related,))


def _input_class(facts: TrussFacts) -> Local | None:
    """Give the Pydantic model of the truss that the input is parsed into."""
    found = input_parameter(facts.model.shape) if facts.model else None
    if found is None or facts.model is None:
        return None
    method, parameter = found
    function = facts.model.function(method)
    if function is None or parameter.annotation is None or parameter.annotation.postponed:
        return None
    module, node = function
    arguments = (*node.args.posonlyargs, *node.args.args)
    written = next((a.annotation for a in arguments if a.arg == parameter.name), None)
    symbol = facts.symbols.expression(module, written) if written is not None else None
    return symbol if isinstance(symbol, Local) else None


EXAMPLE_REJECTED = Rule(
    code="TRS212",
    name="example-rejected",
    severity=Severity.WARNING,
    summary="The example input in config.yaml does not fit the model's input",
    explanation="""\
The first parameter of `preprocess` (else of `predict`) is annotated with a Pydantic
model, and `model_metadata.example_model_input` lacks one of its required fields, or has
one of a type that is not accepted. Whoever tries the example gets an error.

Bring the example up to date with the class.""",
    find=_find,
    good=(
        Example(
            {
                "config.yaml": "model_metadata:\n  example_model_input:\n    text: hello\n",
                "model/model.py": _MODEL,
            }
        ),
    ),
    bad=(
        Example(
            {
                "config.yaml": "model_metadata:\n  example_model_input:\n    prompt: hello\n",
                "model/model.py": _MODEL,
            }
        ),
        Example(
            {
                "config.yaml": "model_metadata:\n  example_model_input:\n    text: 3\n",
                "model/model.py": _MODEL,
            }
        ),
    ),
)
