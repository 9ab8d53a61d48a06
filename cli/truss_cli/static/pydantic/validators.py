"""Validators and methods of a class that may replace values before Pydantic validates them."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from truss_cli.static.pydantic.body_names import BodyNames
from truss_cli.static.pydantic.unchecked import unchecked_fields, unchecked_model

_OVERRIDES = frozenset(
    {
        "__init__",
        "__new__",
        "__setattr__",
        "model_config",
        "model_construct",
        "model_validate",
        "parse_obj",
        "validate",
    }
)
"""Methods through which code of the class constructs its instances."""
_FIELD_VALIDATORS = frozenset({"pydantic.field_validator", "pydantic.validator"})
_MODEL_VALIDATORS = frozenset({"pydantic.model_validator", "pydantic.root_validator"})


class Unchecked(NamedTuple):
    """The fields of a class that accept unknown values, or `everything` if all of it does."""

    fields: frozenset[str] = frozenset()
    everything: bool = False

    def members(self, node: ast.ClassDef) -> dict[str, object]:
        """Return the validators that make a rebuilt class accept these values.

        Their names are unique, so that a subclass does not replace those it inherits.
        """
        name = f"_unchecked_{node.name}_{node.lineno}"
        if self.everything:
            return {name: unchecked_model()}
        return {name: unchecked_fields(self.fields)} if self.fields else {}


def unchecked_by_code(names: BodyNames, node: ast.ClassDef) -> Unchecked:
    """Return the fields whose values the class's own code may replace before they are validated."""
    fields: set[str] = set()
    for statement in node.body:
        if _may_override(names, statement):
            return Unchecked(everything=True)
        for decorator in _validators_before(names, statement):
            arguments = [names.literals.text(argument) for argument in decorator.args]
            texts = [argument for argument in arguments if argument is not None]
            is_model = names.external_name(decorator.func) in _MODEL_VALIDATORS
            if is_model or not texts or len(texts) < len(arguments):
                return Unchecked(everything=True)
            fields.update(texts)
    return Unchecked(frozenset(fields))


def _validators_before(names: BodyNames, statement: ast.stmt) -> Iterator[ast.Call]:
    """Yield the decorators by which a method runs before Pydantic's own validation, or may do so."""
    for decorator in getattr(statement, "decorator_list", ()):
        if isinstance(decorator, ast.Call):
            name = names.external_name(decorator.func)
            if name in _FIELD_VALIDATORS | _MODEL_VALIDATORS and _runs_before(names, decorator):
                yield decorator


def _runs_before(names: BodyNames, decorator: ast.Call) -> bool:
    arguments = {keyword.arg: keyword.value for keyword in decorator.keywords}
    if "pre" in arguments:
        pre = arguments["pre"]
        return not (isinstance(pre, ast.Constant) and pre.value is False)
    return "mode" in arguments and names.literals.text(arguments["mode"]) != "after"


def _may_override(names: BodyNames, statement: ast.stmt) -> bool:
    """Return whether a statement defines a method that constructs instances, or assigns a validator."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return statement.name in _OVERRIDES
    if not isinstance(statement, ast.Assign):
        return False
    targets = {target.id if isinstance(target, ast.Name) else "" for target in statement.targets}
    if targets == {"model_config"}:
        return False
    function = statement.value.func if isinstance(statement.value, ast.Call) else None
    name = names.external_name(function) if function else ""
    calls_unknown = function is not None and (not name or name.startswith("pydantic"))
    return calls_unknown or "" in targets or not targets.isdisjoint(_OVERRIDES)
