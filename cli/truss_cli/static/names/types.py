"""Annotations in source, as neutral types."""

import ast
from typing import NamedTuple

from truss_cli.contract.shape import UNKNOWN_TYPE, Annotation, Type
from truss_cli.contract.terms import PYDANTIC_MODEL
from truss_cli.static.names.known_types import ancestors, canonical
from truss_cli.static.names.symbols import External, Local, Module, Symbol, Symbols

_NONE = Type("builtins.None")
_FIRST_ARGUMENT_ONLY = frozenset(
    {"typing.Annotated", "typing.Required", "typing.NotRequired", "typing.ReadOnly"}
)
_NO_TYPE_ARGUMENTS = frozenset({"typing.Literal", "typing.LiteralString"})


class ClassSymbol(NamedTuple):
    """A class of the truss, and the module that writes it."""

    module: Module
    node: ast.ClassDef


class Types:
    """Reads annotations and class definitions of one truss into types."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self._active: set[ast.AST] = set()
        self._known: dict[ast.expr, Type] = {}
        self._circles = 0
        """How often a type expression led back to itself; what was read meanwhile is not the whole truth."""
        self._classes: dict[ast.ClassDef, Type] = {}

    def annotation(self, module: Module, node: ast.expr | None) -> Annotation | None:
        """Read a written annotation; a string, or one that the module postpones, stays a string."""
        if node is None:
            return None
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return Annotation(self._forward(module, node.value), postponed=True)
        return Annotation(self.of(module, node), postponed=module.postpones_annotations)

    def of(self, module: Module, node: ast.expr) -> Type:
        """Read a type expression; what cannot be known is `UNKNOWN_TYPE` or an open type."""
        if node in self._known:
            return self._known[node]
        if node in self._active:
            self._circles += 1
            return UNKNOWN_TYPE
        circles = self._circles
        self._active.add(node)
        try:
            found = self._read(module, node)
        finally:
            self._active.discard(node)
        if self._circles == circles:
            self._known[node] = found
        return found

    def of_symbol(self, symbol: Symbol | None) -> Type:
        """Return the type that a symbol names when it is used as an annotation."""
        if isinstance(symbol, External):
            name = canonical(symbol.name)
            bases = ancestors(name)
            return Type(name, ancestors=bases or frozenset(), open=bases is None)
        if isinstance(symbol, Local):
            if isinstance(symbol.node, ast.ClassDef):
                return self.of_class(symbol.module, symbol.node)
            if isinstance(symbol.node, ast.expr):
                return self._of_value(symbol.module, symbol.node)
        return UNKNOWN_TYPE

    def of_class(self, module: Module, node: ast.ClassDef) -> Type:
        """Return a class of the truss with all its base classes."""
        if node not in self._classes:
            self._classes[node] = self._of_class(module, node)
        return self._classes[node]

    def class_symbol(self, named: Type) -> ClassSymbol | None:
        """Return the class of the truss that a type names; None for any other type."""
        module_name, _, name = named.name.rpartition(".")
        namespace = self.symbols.module(module_name) if module_name else None
        if namespace is None or namespace.module is None:
            return None
        symbol = self.symbols.lookup(namespace.module, name)
        if isinstance(symbol, Local) and isinstance(symbol.node, ast.ClassDef):
            return ClassSymbol(symbol.module, symbol.node)
        return None

    def _of_class(self, module: Module, node: ast.ClassDef) -> Type:
        name = f"{module.name}.{node.name}"
        if node in self._active:
            return Type(name, open=True)
        self._active.add(node)
        try:
            bases = [self._base(module, base) for base in node.bases]
        finally:
            self._active.discard(node)
        found = {base.name for base in bases}.union(*(base.ancestors for base in bases)) - {"builtins.object"}
        unknown = any(base.open for base in bases) or any(k.arg is None for k in node.keywords)
        return Type(name, ancestors=frozenset(found), open=unknown)

    def _base(self, module: Module, node: ast.expr) -> Type:
        if isinstance(node, ast.Call):  # a class made on the spot, such as NamedTuple("N", ...)
            made = self.of_symbol(self.symbols.expression(module, node.func))
            return made if made.name in ("typing.NamedTuple", "typing.TypedDict") else UNKNOWN_TYPE
        return self.of(module, node)

    def _read(self, module: Module, node: ast.expr) -> Type:
        if isinstance(node, ast.Constant):
            if node.value is None:
                return _NONE
            return self._forward(module, node.value) if isinstance(node.value, str) else UNKNOWN_TYPE
        if isinstance(node, ast.Name | ast.Attribute):
            return self.of_symbol(self.symbols.expression(module, node))
        if isinstance(node, ast.Subscript):
            return self._subscript(module, node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._bit_or(module, node)
        return UNKNOWN_TYPE

    def _forward(self, module: Module, text: str) -> Type:
        try:
            return self.of(module, ast.parse(text.strip(), mode="eval").body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return UNKNOWN_TYPE

    def _subscript(self, module: Module, node: ast.Subscript) -> Type:
        base = self.of(module, node.value)
        if base.name in _NO_TYPE_ARGUMENTS or base.open:
            return base
        elements = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if base.name in _FIRST_ARGUMENT_ONLY:
            elements = elements[:1]
        arguments = tuple(self._argument(module, element) for element in elements)
        if base.name == "typing.Annotated" and arguments and arguments[0].name == base.name:
            return arguments[0]
        if base.name == "typing.Optional":
            return _union("typing.Union", (*arguments, _NONE))
        if base.name == "typing.Union":
            return _union("typing.Union", arguments)
        if base.is_a(PYDANTIC_MODEL) and all(argument.name == "typing.TypeVar" for argument in arguments):
            return base  # Pydantic takes a model with its own parameters for the model itself
        return Type(base.name, arguments, base.ancestors)

    def _argument(self, module: Module, node: ast.expr) -> Type:
        if isinstance(node, ast.Constant) and node.value is Ellipsis:
            return Type("builtins.Ellipsis")
        return self.of(module, node)

    def _bit_or(self, module: Module, node: ast.BinOp) -> Type:
        members = (self.of(module, node.left), self.of(module, node.right))
        typing_form = any(member.name.startswith("typing.") for member in members)
        return _union("typing.Union" if typing_form else "types.UnionType", members)

    def _of_value(self, module: Module, node: ast.expr) -> Type:
        """Read an assigned expression as a type alias."""
        if not isinstance(node, ast.Call):
            return self.of(module, node)
        factory = self.of_symbol(self.symbols.expression(module, node.func)).name
        if factory == "typing.NewType" and len(node.args) > 1:
            return Type(factory, (self.of(module, node.args[1]),))  # not a class, whatever it is made of
        if factory in ("collections.namedtuple", "typing.NamedTuple"):
            return Type("typing.NamedTuple", ancestors=frozenset({"builtins.tuple"}))
        if factory == "typing.TypedDict":
            return Type("typing.TypedDict", ancestors=frozenset({"builtins.dict"}))
        return Type("typing.TypeVar") if factory == "typing.TypeVar" else UNKNOWN_TYPE


def _union(name: str, members: tuple[Type, ...]) -> Type:
    """Flatten a union as `typing` does: nested unions merged, duplicates dropped, one member alone."""
    flat: list[Type] = []
    for member in members:
        inner = member.arguments if member.name in ("typing.Union", "types.UnionType") else (member,)
        name = "typing.Union" if member.name == "typing.Union" else name
        flat.extend(part for part in inner if part not in flat)
    return flat[0] if len(flat) == 1 else Type(name, tuple(flat))
