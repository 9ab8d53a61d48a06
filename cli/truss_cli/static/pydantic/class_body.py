"""Statements of class bodies that describe data, and those without an effect on it."""

import ast
import inspect
from collections.abc import Iterator
from typing import NamedTuple

from truss_cli.static.pydantic.body_names import BodyNames
from truss_cli.static.pydantic.literals import NotPlainError

_SCHEMA_METHODS = frozenset(
    {
        "__class_getitem__",
        "__get_pydantic_core_schema__",
        "__get_pydantic_json_schema__",
        "__init_subclass__",
        "__pydantic_init_subclass__",
        "model_json_schema",
    }
)
"""Methods that may change the schema of their class in any way."""
_HARMLESS = frozenset(
    {
        "abc.abstractmethod",
        "builtins.classmethod",
        "builtins.property",
        "builtins.staticmethod",
        "functools.cache",
        "functools.cached_property",
        "functools.lru_cache",
        "pydantic.field_validator",
        "pydantic.model_validator",
        "pydantic.root_validator",
        "pydantic.validator",
        "typing.override",
        "typing_extensions.override",
    }
)
_COMPUTED = frozenset({"pydantic.computed_field", "pydantic.fields.computed_field"})
_PROPERTIES = frozenset({"builtins.property", "functools.cached_property"})
_SETTERS = frozenset({"deleter", "setter"})
_NOT_FIELDS = frozenset({"InitVar", "KW_ONLY"})


class WrittenField(NamedTuple):
    """An annotated name of a class body, with its default and the string below it."""

    name: str
    annotation: ast.expr
    value: ast.expr | None
    text: str | None


def written_fields(names: BodyNames, node: ast.ClassDef) -> Iterator[WrittenField]:
    """Yield the fields of a class. Raises NotPlainError if its body has statements with unknown effects."""
    following = [*node.body[1:], None]
    for statement, after in zip(node.body, following, strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            form = names.external_name(_bare(statement.annotation)).rpartition(".")[2]
            if form in _NOT_FIELDS:
                raise NotPlainError
            if form != "ClassVar":
                yield WrittenField(statement.target.id, statement.annotation, statement.value, _text(after))
        elif computed_field(names, statement) is None and not _is_harmless(names, statement):
            raise NotPlainError


def computed_field(names: BodyNames, statement: ast.stmt) -> ast.expr | None:
    """Return the `computed_field` decorator of a method; None if other decorators change the method."""
    if not isinstance(statement, ast.FunctionDef) or not statement.decorator_list:
        return None
    first, *other_decorators = statement.decorator_list
    name = names.external_name(first.func if isinstance(first, ast.Call) else first)
    only_properties = all(names.external_name(decorator) in _PROPERTIES for decorator in other_decorators)
    return first if name in _COMPUTED and only_properties else None


def docstring(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """Return the docstring as Python stores it."""
    return ast.get_docstring(node, clean=False)


def assigned(node: ast.ClassDef, name: str) -> ast.expr | None:
    """Return the expression that a class body assigns to a name."""
    for statement in node.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                return statement.value
    return None


def _bare(annotation: ast.expr) -> ast.expr:
    """Return an annotation without quotes and type arguments."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return annotation
    return annotation.value if isinstance(annotation, ast.Subscript) else annotation


def _text(statement: ast.stmt | None) -> str | None:
    value = statement.value if isinstance(statement, ast.Expr) else None
    text = value.value if isinstance(value, ast.Constant) else None
    return inspect.cleandoc(text) if isinstance(text, str) else None


def _is_harmless(names: BodyNames, statement: ast.stmt) -> bool:
    """Return whether a statement does not change the schema of its class."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return statement.name not in _SCHEMA_METHODS and all(
            _is_harmless_decorator(names, decorator) for decorator in statement.decorator_list
        )
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Assign):
        return not any(
            isinstance(target, ast.Name) and target.id == "__pydantic_config__"
            for target in statement.targets
        )
    return isinstance(statement, ast.ClassDef | ast.Pass)


def _is_harmless_decorator(names: BodyNames, decorator: ast.expr) -> bool:
    if isinstance(decorator, ast.Attribute) and decorator.attr in _SETTERS:
        return True
    if not isinstance(decorator, ast.Call):
        return names.external_name(decorator) in _HARMLESS
    mode = next((keyword.value for keyword in decorator.keywords if keyword.arg == "mode"), None)
    keeps_schema = mode is None or names.literals.text(mode) in ("after", "before")
    has_input_type = any(keyword.arg == "json_schema_input_type" for keyword in decorator.keywords)
    return names.external_name(decorator.func) in _HARMLESS and keeps_schema and not has_input_type
