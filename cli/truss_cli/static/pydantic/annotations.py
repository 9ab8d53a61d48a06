"""Reading of annotations into types that Pydantic understands."""

import ast
from collections.abc import Callable
from functools import cache
from types import UnionType
from typing import Annotated, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

from truss_cli.static.names.symbols import External, Local, Module, Symbol
from truss_cli.static.pydantic.body_names import BodyNames
from truss_cli.static.pydantic.external import UNKNOWN, TypeForm, known_type, look_up
from truss_cli.static.pydantic.fields import metadata
from truss_cli.static.pydantic.literals import NotPlainError
from truss_cli.static.pydantic.unchecked import accept_any
from truss_cli.static.syntax.nodes import Function

BuildClass = Callable[[Module, ast.ClassDef], TypeForm]
"""Returns a rebuilt class of the truss; UNKNOWN if source does not show all of it."""
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
"""Names that are types only with their arguments."""
_DEEPEST = 40


class AnnotationReader(NamedTuple):
    """Reads annotations in the body of a module or class; `depth` counts the enclosing annotations."""

    names: BodyNames
    build_class: BuildClass
    depth: int = 0

    @property
    def outside_class(self) -> "AnnotationReader":
        """The reader of base classes and decorators, which do not see the names of the class body."""
        return self._replace(names=self.names._replace(class_node=None))

    def read(self, node: ast.expr) -> TypeForm:
        """Return the type that an annotation names; UNKNOWN if source does not show it."""
        if self.depth > _DEEPEST:
            return UNKNOWN
        match node:
            case ast.Constant():
                return self._constant(node.value)
            case ast.Name() | ast.Attribute():
                return self._symbol(self.names.symbol(node))
            case ast.Subscript():
                return self._subscript(node)
            case ast.BinOp(op=ast.BitOr()):
                return union(self._nested(node.left), self._nested(node.right))
        return self._constrained(node) if isinstance(node, ast.Call) else UNKNOWN

    def _nested(self, node: ast.expr) -> TypeForm:
        return self._replace(depth=self.depth + 1).read(node)

    def _constant(self, value: object) -> TypeForm:
        if not isinstance(value, str):
            return None if value is None else UNKNOWN
        try:
            return self._nested(ast.parse(value.strip(), mode="eval").body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return UNKNOWN

    def _symbol(self, symbol: Symbol | None) -> TypeForm:
        if isinstance(symbol, External):
            return known_type(symbol.name)
        if not isinstance(symbol, Local):
            return UNKNOWN
        if isinstance(symbol.node, ast.ClassDef):
            return self.build_class(symbol.module, symbol.node)
        names = BodyNames(self.names.symbols, symbol.module)
        reader = self._replace(names=names, depth=self.depth + 1)
        return reader.alias(symbol.node) if isinstance(symbol.node, ast.expr) else UNKNOWN

    def alias(self, node: ast.expr) -> TypeForm:
        """Return the type that an assigned expression is an alias of."""
        if not isinstance(node, ast.Call):
            return self.read(node)
        factory = self.names.external_name(node.func).removeprefix("typing.")
        if factory == "NewType" and node.args[1:]:
            return self.read(node.args[1])
        if factory == "TypeVar" and len(node.args) == 1 and not node.keywords:
            return _type_variable(node)
        return self.read(node)

    def _subscript(self, node: ast.Subscript) -> TypeForm:
        name = self.names.external_name(node.value)
        elements = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name.startswith(_TYPING):
            attribute = name.rpartition(".")[2]
            if attribute == "Literal":
                return self._literal(elements)
            if attribute == "Annotated":
                return self._annotated(elements)
        origin = self._origin(node.value, name)
        if origin is None or origin is UNKNOWN:
            return UNKNOWN
        arguments = tuple(... if _is_ellipsis(element) else self._nested(element) for element in elements)
        try:
            return origin[arguments if len(arguments) != 1 else arguments[0]]
        except Exception:  # noqa: BLE001 - Python and Pydantic reject type arguments with errors of many classes
            return UNKNOWN

    def _origin(self, node: ast.expr, name: str) -> TypeForm:
        """Return the type that is subscripted."""
        if isinstance(self.names.symbol(node), Local):
            return self._nested(node)
        return look_up(name) if name.rpartition(".")[2] in _FORMS else known_type(name)

    def _literal(self, elements: list[ast.expr]) -> TypeForm:
        try:
            values = tuple(self._literal_value(element) for element in elements)
            return Literal[values]
        except (NotPlainError, TypeError):
            return UNKNOWN

    def _literal_value(self, node: ast.expr) -> object:
        """Return a literal, or a member of an enumeration of the truss. Raises NotPlainError."""
        owner = self.names.symbol(node.value) if isinstance(node, ast.Attribute) else None
        if isinstance(node, ast.Attribute) and isinstance(owner, Local):
            member = getattr(self._symbol(owner), node.attr, None)
            if member is None:
                raise NotPlainError
            return member
        return self.names.literals.value(node)

    def _annotated(self, elements: list[ast.expr]) -> TypeForm:
        annotation = self._nested(elements[0])
        is_unknown = may_be_unknown(annotation)
        for element in elements[1:]:
            try:
                extra = metadata(self.names, element)
            except NotPlainError:
                return UNKNOWN
            if extra is not None:
                annotation = Annotated[annotation, extra]
        # Constraints of an unknown type compare values of another type than those in the example.
        return Annotated[annotation, accept_any()] if is_unknown and annotation is not UNKNOWN else annotation

    def _constrained(self, node: ast.Call) -> TypeForm:
        """Return the type that a function such as `conint(ge=0)` or `conlist(str, max_length=3)` returns."""
        name = self.names.external_name(node.func)
        function = look_up(name)
        if name not in _CONSTRAINED or not callable(function):
            return UNKNOWN
        try:
            arguments = [self._nested(argument) for argument in node.args]
            return function(*arguments, **self.names.literals.keywords(node))
        except Exception:  # noqa: BLE001 - Pydantic rejects constraints with errors of many classes
            return UNKNOWN


def union(*members: TypeForm) -> TypeForm:
    """Return the union of types; unlike `|`, it accepts forward references."""
    return Union[members]  # noqa: UP007 - built at run time


def parameter_annotation(function: Function, parameter: str) -> ast.expr | None:
    """Return the annotation of a positional parameter; None if it has none."""
    arguments = (*function.args.posonlyargs, *function.args.args)
    return next((argument.annotation for argument in arguments if argument.arg == parameter), None)


def may_be_unknown(annotation: TypeForm) -> bool:
    """Return whether a type, or a member of a union, is UNKNOWN."""
    origin: TypeForm = get_origin(annotation)
    if origin is Annotated:
        return may_be_unknown(get_args(annotation)[0])
    is_union = origin is Union or origin is UnionType
    return annotation is UNKNOWN or (is_union and any(map(may_be_unknown, get_args(annotation))))


@cache
def _type_variable(_node: ast.Call) -> TypeForm:
    """Return the type variable that a call creates; the same one for every use."""
    return TypeVar("_T")


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis
