"""What stands in the body of a class that describes data."""

import ast
import inspect
from collections.abc import Iterator
from typing import NamedTuple

from truss_cli.schema.source.expressions import Expressions
from truss_cli.schema.source.literals import NotPlainError

_DECIDING = frozenset(
    {
        "__class_getitem__",
        "__get_pydantic_core_schema__",
        "__get_pydantic_json_schema__",
        "__init_subclass__",
        "__pydantic_init_subclass__",
        "model_json_schema",
    }
)
"""Methods by which a class may say anything of its schema."""
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


class WrittenField(NamedTuple):
    """An annotated name of a class body, with what is assigned to it and the text below it."""

    name: str
    annotation: ast.expr
    value: ast.expr | None
    text: str | None


def written_fields(reader: Expressions, node: ast.ClassDef) -> Iterator[WrittenField]:
    """Yield the fields of a class. Raises NotPlainError if its body may do anything but describe data."""
    following = [*node.body[1:], None]
    for statement, after in zip(node.body, following, strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            if reader.name_of(_bare(statement.annotation)).endswith(".ClassVar"):
                continue
            yield WrittenField(statement.target.id, statement.annotation, statement.value, _text(after))
        elif computing(reader, statement) is None and not _describes_nothing(reader, statement):
            raise NotPlainError


def computing(reader: Expressions, statement: ast.stmt) -> ast.expr | None:
    """Return the `computed_field` that decorates a method, if that is all but `property`."""
    if not isinstance(statement, ast.FunctionDef) or not statement.decorator_list:
        return None
    first, *rest = statement.decorator_list
    name = reader.name_of(first.func if isinstance(first, ast.Call) else first)
    return first if name in _COMPUTED and all(reader.name_of(one) in _PROPERTIES for one in rest) else None


def docstring(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """Return the docstring as Python keeps it."""
    return ast.get_docstring(node, clean=False)


def assigned(node: ast.ClassDef, name: str) -> ast.expr | None:
    """Return what a class body assigns to a name."""
    for statement in node.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                return statement.value
    return None


def _bare(annotation: ast.expr) -> ast.expr:
    return annotation.value if isinstance(annotation, ast.Subscript) else annotation


def _text(statement: ast.stmt | None) -> str | None:
    value = statement.value if isinstance(statement, ast.Expr) else None
    text = value.value if isinstance(value, ast.Constant) else None
    return inspect.cleandoc(text) if isinstance(text, str) else None


def _describes_nothing(reader: Expressions, statement: ast.stmt) -> bool:
    """Whether a statement leaves the schema of its class as it is."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return statement.name not in _DECIDING and all(
            _is_harmless(reader, decorator) for decorator in statement.decorator_list
        )
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Assign | ast.ClassDef | ast.Pass)


def _is_harmless(reader: Expressions, decorator: ast.expr) -> bool:
    if isinstance(decorator, ast.Attribute) and decorator.attr in _SETTERS:
        return True
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = reader.name_of(function)
    if not isinstance(decorator, ast.Call):
        return name in _HARMLESS
    mode = next((keyword.value for keyword in decorator.keywords if keyword.arg == "mode"), None)
    checks = mode is None or reader.literals.text(mode) in ("after", "before")
    typed = any(keyword.arg == "json_schema_input_type" for keyword in decorator.keywords)
    return name in _HARMLESS and checks and not typed
