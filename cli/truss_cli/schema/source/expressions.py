"""Annotations of source, as types that Pydantic reads."""

import ast
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union

from truss_cli.schema.fields import metadata
from truss_cli.schema.source.known import UNKNOWN, known_type, look_up
from truss_cli.schema.source.literals import Literals, NotPlainError
from truss_cli.static.names.scopes import Imported, scope_of
from truss_cli.static.names.symbols import External, Local, Module, Symbol
from truss_cli.static.names.types import Types

MakeClass = Callable[[Module, ast.ClassDef], Any]
"""Returns a class of the truss, made again; UNKNOWN if what it is cannot be known."""
_ANNOTATED = "Annotated"
_LITERAL = "Literal"
_TYPING = ("typing.", "typing_extensions.")
_CONSTRAINED = frozenset(
    f"pydantic.{prefix}{name}"
    for prefix in ("", "types.")
    for name in (
        "conbytes",
        "condecimal",
        "confloat",
        "confrozenset",
        "conint",
        "conlist",
        "conset",
        "constr",
    )
)
_FORMS = frozenset(
    {"Final", "Generic", "NotRequired", "Optional", "ReadOnly", "Required", "RootModel", "Union"}
)
"""What is a type only with its arguments."""
_DEEPEST = 40


class Expressions(NamedTuple):
    """Reads type expressions in a module, or in the body of a class of it."""

    types: Types
    module: Module
    make_class: MakeClass
    around: ast.ClassDef | None = None
    depth: int = 0

    @property
    def literals(self) -> Literals:
        """Evaluates the expressions of the module."""
        return Literals(self.types.symbols, self.module)

    def read(self, node: ast.expr) -> Any:  # noqa: ANN401, PLR0911 - a return a form of expression
        """Return the type that an expression means; UNKNOWN where that cannot be known."""
        if self.depth > _DEEPEST:
            return UNKNOWN
        match node:
            case ast.Constant(value=None):
                return None
            case ast.Constant(value=str() as text):
                return self._forward(text)
            case ast.Name() | ast.Attribute():
                return self._symbol(self.symbol(node))
            case ast.Subscript():
                return self._subscript(node)
            case ast.BinOp(op=ast.BitOr()):
                return union(self._inner(node.left), self._inner(node.right))
            case ast.Call():
                return self._constrained(node)
        return UNKNOWN

    def symbol(self, node: ast.expr) -> Symbol | None:
        """Return what a name or dotted name means here: to the body of the class, if it stands in one."""
        if isinstance(node, ast.Attribute):
            return self.types.symbols.attribute(self.symbol(node.value), node.attr)
        if self.around is not None and isinstance(node, ast.Name):
            candidates = scope_of(self.around).candidates(node.id)
            if candidates:
                plain = len(candidates) == 1 and isinstance(candidates[0].what, ast.ClassDef | Imported)
                return self.types.symbols.binding(self.module, candidates[0]) if plain else None
        return self.types.symbols.expression(self.module, node)

    def name_of(self, node: ast.expr) -> str:
        """Return the dotted name of what stands outside the truss; empty for anything else."""
        symbol = self.symbol(node)
        return symbol.name if isinstance(symbol, External) else ""

    def _inner(self, node: ast.expr) -> Any:  # noqa: ANN401 - a type expression
        return self._replace(depth=self.depth + 1).read(node)

    def _forward(self, text: str) -> Any:  # noqa: ANN401 - a type expression
        try:
            return self._inner(ast.parse(text.strip(), mode="eval").body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return UNKNOWN

    def _symbol(self, symbol: Symbol | None) -> Any:  # noqa: ANN401 - a type expression
        if isinstance(symbol, External):
            return known_type(symbol.name)
        if not isinstance(symbol, Local):
            return UNKNOWN
        if isinstance(symbol.node, ast.ClassDef):
            return self.make_class(symbol.module, symbol.node)
        inside = self._replace(module=symbol.module, around=None, depth=self.depth + 1)
        return inside.alias(symbol.node) if isinstance(symbol.node, ast.expr) else UNKNOWN

    def alias(self, node: ast.expr) -> Any:  # noqa: ANN401 - a type expression
        """Return the type that an assigned expression stands for."""
        made = self.name_of(node.func).removeprefix("typing.") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and made == "NewType" and node.args[1:]:
            return self.read(node.args[1])
        if isinstance(node, ast.Call) and made == "TypeVar" and len(node.args) == 1 and not node.keywords:
            return _type_variable(node)
        return self.read(node)

    def _subscript(self, node: ast.Subscript) -> Any:  # noqa: ANN401 - a type expression
        name = self.name_of(node.value)
        elements = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name.startswith(_TYPING):
            short = name.rpartition(".")[2]
            if short == _LITERAL:
                return self._literal(elements)
            if short == _ANNOTATED:
                return self._annotated(elements)
        if isinstance(self.symbol(node.value), Local):
            base = self._inner(node.value)
        else:
            base = look_up(name) if name.rpartition(".")[2] in _FORMS else known_type(name)
        if base is None or base is UNKNOWN:
            return UNKNOWN
        arguments = tuple(... if _is_ellipsis(element) else self._inner(element) for element in elements)
        try:
            return base[arguments if len(arguments) != 1 else arguments[0]]
        except Exception:  # noqa: BLE001 - whatever Python or Pydantic refuses it with, the type is not known
            return UNKNOWN

    def _literal(self, elements: list[ast.expr]) -> Any:  # noqa: ANN401 - a type expression
        try:
            values = tuple(self._member(element) for element in elements)
            return Literal[values]
        except (NotPlainError, TypeError):
            return UNKNOWN

    def _member(self, node: ast.expr) -> object:
        """Return a plain value, or a member of an enumeration of the truss."""
        owner = self.symbol(node.value) if isinstance(node, ast.Attribute) else None
        if isinstance(node, ast.Attribute) and isinstance(owner, Local):
            found = getattr(self._symbol(owner), node.attr, None)
            if found is None:
                raise NotPlainError
            return found
        return self.literals.value(node)

    def _annotated(self, elements: list[ast.expr]) -> Any:  # noqa: ANN401 - a type expression
        found = self._inner(elements[0])
        for element in elements[1:]:
            try:
                extra = metadata(self, element)
            except NotPlainError:
                return UNKNOWN
            if extra is not None:
                found = Annotated[found, extra]
        return found

    def _constrained(self, node: ast.Call) -> Any:  # noqa: ANN401 - a type expression
        """Return what `conint(ge=0)`, `conlist(str, max_length=3)` and the like make."""
        name = self.name_of(node.func)
        make = look_up(name)
        if name not in _CONSTRAINED or not callable(make):
            return UNKNOWN
        try:
            return make(*(self._inner(argument) for argument in node.args), **self.literals.keywords(node))
        except Exception:  # noqa: BLE001 - whatever Pydantic refuses it with, the type is not known
            return UNKNOWN


@cache
def _type_variable(_node: ast.Call) -> Any:  # noqa: ANN401 - a type expression
    """Return the type variable that a call makes, the same one wherever it is met."""
    return TypeVar("_T")


def union(*members: Any) -> Any:  # noqa: ANN401 - type expressions
    """Return the union of types, in which `|` would not take forward references."""
    return Union[members]  # noqa: UP007 - made on the spot


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis
