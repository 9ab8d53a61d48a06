"""TRS212: an example in config.yaml that the model's own input would reject."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.schema import input_parameter
from truss_cli.contract.terms import PYDANTIC_MODEL, Severity
from truss_cli.diagnostic import Finding, Related
from truss_cli.static.names.lineage import ClassDefinition, lineage
from truss_cli.static.names.symbols import Local, Module
from truss_cli.static.names.types import Types

_ACCEPTED: dict[str, tuple[type, ...]] = {
    "builtins.str": (str,),
    "builtins.int": (int, float, str),
    "builtins.float": (int, float, str),
    "builtins.bool": (bool, int, float, str),
    "builtins.list": (list,),
    "builtins.dict": (dict,),
    "typing.List": (list,),
    "typing.Dict": (dict,),
}
"""What Pydantic may make a field's type from, of what YAML has."""
_DECIDES_MORE = frozenset({"model_config", "Config", "__init__", "__new__", "__get_pydantic_core_schema__"})


@dataclass(frozen=True, slots=True)
class Rejected:
    """A field of the example that would be rejected, and why."""

    field: str
    missing: bool
    reason: str


def rejected_fields(
    types: Types, module: Module, node: ast.ClassDef, example: Mapping[object, object]
) -> Iterator[Rejected]:
    """Yield the required fields that the example lacks or has of a type that no conversion accepts."""
    fields: dict[str, tuple[Module, ast.AnnAssign]] = {}
    for definition in reversed(_own_lineage(types, ClassDefinition(module, node))):
        for statement in definition.node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                fields[statement.target.id] = definition.module, statement
            elif not _is_harmless(statement):
                return
    for name, (where, statement) in fields.items():
        annotated = types.of(where, statement.annotation)
        if statement.value is not None or name.startswith("_") or annotated.name == "typing.ClassVar":
            continue
        if name not in example:
            yield Rejected(name, missing=True, reason=f"lacks the required field `{name}`")
        elif annotated.name in _ACCEPTED and not isinstance(example[name], _ACCEPTED[annotated.name]):
            given = type(example[name]).__name__
            yield Rejected(name, missing=False, reason=f"gives `{given}` for `{name}`, not `{annotated}`")


def _own_lineage(types: Types, start: ClassDefinition) -> list[ClassDefinition]:
    return [definition for definition in lineage(types, start) if definition is not None]


def has_plain_bases(types: Types, module: Module, node: ast.ClassDef) -> bool:
    """Whether all base classes but Pydantic's own are written in the truss."""
    found = types.of_class(module, node)
    return not found.open and {name for name in found.ancestors if "." in name and "pydantic" in name} == {
        PYDANTIC_MODEL
    }


def _is_harmless(statement: ast.stmt) -> bool:
    """Whether a statement of the class leaves alone what its fields accept."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return not statement.decorator_list and statement.name not in _DECIDES_MORE
    if isinstance(statement, ast.Assign):
        return not any(
            isinstance(target, ast.Name) and target.id in _DECIDES_MORE for target in statement.targets
        )
    return isinstance(statement, ast.Expr | ast.Pass)


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
    """Return the Pydantic model of the truss that the input is parsed into."""
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
    symbol = facts.outside_functions(module, written) if written is not None else None
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
        {
            "config.yaml": "model_metadata:\n  example_model_input:\n    text: hello\n",
            "model/model.py": _MODEL,
        },
    ),
    bad=(
        {
            "config.yaml": "model_metadata:\n  example_model_input:\n    prompt: hello\n",
            "model/model.py": _MODEL,
        },
        {"config.yaml": "model_metadata:\n  example_model_input:\n    text: 3\n", "model/model.py": _MODEL},
    ),
)
