"""Why a Pydantic input would reject the example of config.yaml, as far as its class shows."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from truss_cli.check.facts.lineage import ClassDefinition, lineage
from truss_cli.check.facts.symbols import Module
from truss_cli.check.facts.types import Types
from truss_cli.contract.terms import PYDANTIC_MODEL

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
    """Give the required fields that the example lacks or has of a type that no conversion accepts."""
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
            yield Rejected(name, missing=False, reason=f"gives `{name}` a {given}, not a `{annotated}`")


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
