"""Annotations of stubs as type expressions with qualified names and without aliases."""

import ast
import itertools
from collections.abc import Iterator, Sequence

from library_tables.stubs import Definition, Location, Stubs
from truss_cli.static.library.type_expressions import UNKNOWN, substitute, union

FORMS = {
    "typing.Any": UNKNOWN,
    "typing.Self": "Self",
    "typing.Never": "Never",
    "typing.NoReturn": "Never",
    "typing.LiteralString": "builtins.str",
    "typing.Callable": "Callable",
    "typing.Tuple": "builtins.tuple",
    "typing.Type": "builtins.type",
    "typing.Union": UNKNOWN,
    "typing.Optional": UNKNOWN,
    "typing.Generic": "typing.Generic",
    "typing.Protocol": "typing.Protocol",
    "typing.Final": UNKNOWN,
    "typing.ClassVar": UNKNOWN,
    "typing.TypeAlias": UNKNOWN,
    "typing_extensions.Buffer": "collections.abc.Buffer",
    "_collections_abc.Buffer": "collections.abc.Buffer",
    "_typeshed.MaybeNone": "None",
    "types.NoneType": "None",
    "typing.TypedDict": "builtins.dict[builtins.str, ?]",
}
"""Forms that are not classes. `MaybeNone` marks results that are None at times, which checkers ignore."""
WRAPPERS = {
    "typing.Annotated",
    "typing.ClassVar",
    "typing.Final",
    "typing.NotRequired",
    "typing.ReadOnly",
    "typing.Required",
}
BOOLEANS = {"typing.TypeGuard", "typing.TypeIs"}


class Annotations:
    """Conversion of annotations in the scope of one module."""

    def __init__(
        self, stubs: Stubs, module: str, scope: str = "", aliases: tuple[Location, ...] = ()
    ) -> None:
        self.stubs = stubs
        self.module = module
        self.scope = scope
        self.expanded = aliases

    def expression(self, node: ast.expr | None) -> str:
        """Return the type expression of an annotation; `?` where there is none or it cannot be expressed."""
        expression = UNKNOWN
        match node:
            case ast.Constant(value=None):
                expression = "None"
            case ast.Constant(value=str() as text):
                expression = self.expression(ast.parse(text, mode="eval").body)
            case ast.Name() | ast.Attribute():
                expression = self._name(ast.unparse(node), ())
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                expression = union([self.expression(left), self.expression(right)])
            case ast.Subscript(value=ast.Name() | ast.Attribute() as head, slice=ast.Tuple(elts=arguments)):
                expression = self._name(ast.unparse(head), arguments)
            case ast.Subscript(value=ast.Name() | ast.Attribute() as head, slice=argument):
                expression = self._name(ast.unparse(head), (argument,))
        return expression

    def location(self, path: str) -> Location | None:
        """Return the place that defines a path name, looking in the enclosing class first."""
        scope = self.scope
        while scope:
            inner = self.stubs.resolve(Location(self.module, f"{scope}.{path}"))
            if inner is not None and _is_type(self.stubs.definition(inner)):
                return inner
            scope = scope.rpartition(".")[0]
        return self.stubs.in_scope(self.module, path)

    def variables(self, node: ast.AST | None) -> list[str]:
        """Return the names of the type variables in an annotation, in order of appearance."""
        names = (ast.unparse(child) for child in _names(node))
        return list(dict.fromkeys(name for name in names if self._is_variable(name)))

    def _is_variable(self, name: str) -> bool:
        location = self.stubs.in_scope(self.module, name)
        definition = self.stubs.definition(location) if location else None
        match definition.nodes[-1] if definition else None:
            case ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar"))):
                return True
        return False

    def _name(self, path: str, arguments: Sequence[ast.expr]) -> str:
        location = self.location(path)
        if location is None or not location.name:
            return UNKNOWN
        name = qualified(location)
        if name.startswith("typing_extensions.") and name not in FORMS:
            name = f"typing.{location.name}"
        special = self._special(name, arguments) if arguments else ""
        return special or FORMS.get(name) or self._defined(location, arguments)

    def _defined(self, location: Location, arguments: Sequence[ast.expr]) -> str:
        """Return the type of a class, a type variable or an alias."""
        definition = self.stubs.definition(location)
        expression = UNKNOWN
        match definition.nodes[-1] if definition else None:
            case ast.ClassDef():
                expression = qualified(location) + self._arguments(arguments)
            case ast.AnnAssign(annotation=ast.Name(id="TypeAlias"), value=value):
                expression = self._alias(location, value, arguments)
            case ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar"))):
                expression = f"~{location.name}"
            case ast.Assign(value=ast.Subscript() | ast.BinOp() as value):
                expression = self._alias(location, value, arguments)
            case ast.Assign(value=ast.Call(func=ast.Name(id="NewType"), args=[_, base])):
                expression = Annotations(self.stubs, location.module).expression(base)
        return expression

    def _arguments(self, arguments: Sequence[ast.expr]) -> str:
        """Return the type arguments of a class in brackets."""
        if not arguments:
            return ""
        return f"[{', '.join(self._argument(argument) for argument in arguments)}]"

    def _argument(self, node: ast.expr) -> str:
        is_ellipsis = isinstance(node, ast.Constant) and node.value is Ellipsis
        return "..." if is_ellipsis else self.expression(node)

    def _alias(self, location: Location, value: ast.expr | None, arguments: Sequence[ast.expr]) -> str:
        """Return the target of an alias, with its type variables replaced by the arguments."""
        if location in self.expanded:
            return UNKNOWN
        inside = Annotations(self.stubs, location.module, aliases=(*self.expanded, location))
        actual = (self._argument(argument) for argument in arguments)
        fill = itertools.chain(actual, itertools.repeat(UNKNOWN))
        types = dict(zip(inside.variables(value), fill, strict=False))
        return union([substitute(inside.expression(value), types)])

    def _special(self, name: str, arguments: Sequence[ast.expr]) -> str:
        """Return a form whose arguments mean something else than those of a class; empty for others."""
        if name in WRAPPERS:
            return self.expression(arguments[0])
        if name in BOOLEANS:
            return "builtins.bool"
        special = ""
        match name:
            case "typing.Tuple" | "typing.Type":
                special = FORMS[name] + self._arguments(arguments)
            case "typing.Union":
                special = union([self.expression(argument) for argument in arguments])
            case "typing.Optional":
                special = union([self.expression(arguments[0]), "None"])
            case "typing.Callable":
                # The types of parameters are rarely worth their space.
                special = f"Callable[..., {self.expression(arguments[-1])}]"
            case "typing.Literal":
                special = self._literal(arguments)
        return special

    def _literal(self, arguments: Sequence[ast.expr]) -> str:
        """Return a literal type; members of an enumeration as their class."""
        values = [ast.unparse(node) for node in arguments if not isinstance(node, ast.Attribute)]
        classes = [self.expression(node.value) for node in arguments if isinstance(node, ast.Attribute)]
        return union([*([f"Literal[{','.join(values)}]"] if values else ()), *classes])


def qualified(location: Location) -> str:
    """Return the qualified name of a location."""
    return f"{location.module}.{location.name}" if location.name else location.module


def _is_type(definition: Definition | None) -> bool:
    """Return whether a name in a class can be meant by an annotation: a method of the same name cannot."""
    return definition is not None and isinstance(definition.nodes[-1], ast.ClassDef)


def _names(node: ast.AST | None) -> Iterator[ast.Name]:
    """Yield the names in a syntax tree from left to right."""
    if isinstance(node, ast.Name):
        yield node
    for child in ast.iter_child_nodes(node) if node else ():
        yield from _names(child)
