"""The Model class of a truss: where it is, and its shape through all its base classes."""

import ast
from collections.abc import Collection, Iterator
from typing import NamedTuple

from truss_cli.check.facts.model.decorators import keeps_class
from truss_cli.check.facts.model.instance_attributes import (
    InstanceAttributes,
    gives_no_function,
    instance_attributes,
)
from truss_cli.check.facts.model.methods import bound, member_of, partial_member, shape_of
from truss_cli.contract.shape import (
    Member,
    ModelShape,
    NotCallable,
    Parameter,
    ParameterKind,
    Shape,
    Unknowable,
)
from truss_cli.contract.terms import METHODS
from truss_cli.static.names.lineage import ClassDefinition, Lineage, lineage
from truss_cli.static.names.scopes import Scope, is_main_guard, scope_of
from truss_cli.static.names.symbols import External, Local, Module
from truss_cli.static.names.types import Types
from truss_cli.static.syntax.nodes import Function, root_name, walk

_KEEPING_DECORATORS = frozenset({"typing.final", "typing.runtime_checkable", "typing_extensions.final"})
_DATACLASS = External("dataclasses.dataclass")
_ABC_META = External("abc.ABCMeta")
_SIGNATURES = frozenset({"__annotations__", "__code__", "__defaults__", "__kwdefaults__", "__signature__"})
"""Attributes of a function by which other code can change what it asks for."""
_LOOKED_FOR = ("__init__", "__new__", *METHODS)


class Definition(NamedTuple):
    """Where a member of the model is written."""

    module: Module
    node: ast.AST


class ModelClass(NamedTuple):
    """The model as source shows it.

    `definitions` has the place of `__init__` and of each method that is
    written in the truss; `lineage` is empty when a function makes the model.
    """

    module: Module
    node: ast.ClassDef | Function
    shape: ModelShape
    definitions: dict[str, Definition]
    lineage: Lineage = ()

    def function(self, method: str) -> tuple[Module, Function] | None:
        """Return a method's function and its module, if it is a plain function of the truss."""
        found = self.definitions.get(method)
        if found and isinstance(found.node, ast.FunctionDef | ast.AsyncFunctionDef):
            return found.module, found.node
        return None

    def functions(self) -> Iterator[tuple[Module, Function]]:
        """Yield all methods that the classes of the truss write, nearest class first."""
        for definition in self.lineage:
            for node in definition.node.body if definition else ():
                if definition and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield definition.module, node


def read_model(types: Types, symbol: Local) -> ModelClass | None:
    """Read the model from what its name means; None if that is no class or function of the truss."""
    if isinstance(symbol.node, ast.ClassDef):
        return _ModelReader(types, ClassDefinition(symbol.module, symbol.node)).read()
    if isinstance(symbol.node, ast.FunctionDef | ast.AsyncFunctionDef):
        return _read_factory(types, symbol.module, symbol.node)
    return None


def _read_factory(types: Types, module: Module, node: Function) -> ModelClass:
    """Read a function that makes the model: its parameters are those of `__init__`, its result is unknown."""
    init: Member = Unknowable() if node.decorator_list else shape_of(types, module, node)
    definitions = {"__init__": Definition(module, node)}
    return ModelClass(module, node, ModelShape(init, complete=False), definitions)


class _ModelReader:
    """Collects the members of a class and its base classes, nearest first."""

    def __init__(self, types: Types, start: ClassDefinition) -> None:
        self._types, self._start = types, start
        self._lineage = lineage(types, start)
        self._members: dict[str, Member] = {}
        self._definitions: dict[str, Definition] = {}
        self._complete = True

    def read(self) -> ModelClass:
        for definition in self._lineage:
            if definition is None:
                self._complete = False
            else:
                self._read_class(definition)
        self._apply(instance_attributes(self._types, self._lineage))
        self._apply_outside()
        members = {name: self._members[name] for name in METHODS if name in self._members}
        shape = ModelShape(self._init(), members, complete=self._complete)
        return ModelClass(self._start.module, self._start.node, shape, self._definitions, self._lineage)

    def _init(self) -> Member:
        init = self._members.get("__init__", Shape() if self._complete else Unknowable())
        return Unknowable() if "__new__" in self._members else init

    def _read_class(self, definition: ClassDefinition) -> None:
        module, node = definition.module, definition.node
        scope = scope_of(node)
        certain = self._complete
        if scope.open or "__getattr__" in scope or "__getattribute__" in scope:
            self._complete = False
        for name in _LOOKED_FOR:
            if name in scope and name not in self._members:
                member, place = self._member(module, scope, name)
                self._members[name] = member if certain else Unknowable()
                if place is not None:
                    self._definitions[name] = Definition(module, place)
        self._read_decorators(definition, scope)
        is_base = node is not self._start.node
        if (
            "__new__" in scope
            or "__getattribute__" in scope
            or (is_base and "__init_subclass__" in scope)
            or self._is_made_by_others(definition)
            or "__set_name__" in module.file.source.text
        ):
            self._trust_nothing()

    def _is_made_by_others(self, definition: ClassDefinition) -> bool:
        """Whether a metaclass, or keywords that a base class takes, may change what the class has."""
        return any(
            self._types.symbols.expression(definition.module, keyword.value) != _ABC_META
            for keyword in definition.node.keywords
        )

    def _trust_nothing(self) -> None:
        self._complete = False
        self._members = dict.fromkeys([*self._members, "__init__"], Unknowable())

    def _member(self, module: Module, scope: Scope, name: str) -> tuple[Member, ast.AST | None]:
        """Return what a class body binds a name to, as a member of the instance, and where."""
        candidates = scope.candidates(name)
        what = candidates[0].what if len(candidates) == 1 and not candidates[0].conditional else None
        if isinstance(what, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return member_of(self._types, module, what), what
        if isinstance(what, ast.Constant | ast.List | ast.Dict | ast.Set | ast.Tuple | ast.JoinedStr):
            return NotCallable(_describe(what)), what
        if isinstance(what, ast.Name):
            return self._alias(module, scope, what), what
        if isinstance(what, ast.Call) and gives_no_function(self._types, module, what):
            return Unknowable() if root_name(what.func) in scope.bindings else NotCallable(
                _describe(what)
            ), what
        if isinstance(what, ast.Call):
            return partial_member(self._types, module, scope, what), what
        return Unknowable(), None

    def _alias(self, module: Module, scope: Scope, name: ast.Name) -> Member:
        """Return the member made by `name = other` in a class body, where `other` is a function."""
        if name.id in scope:
            candidates = scope.candidates(name.id)
            what = candidates[0].what if len(candidates) == 1 else None
            if isinstance(what, ast.FunctionDef | ast.AsyncFunctionDef):
                return member_of(self._types, module, what)
            return Unknowable()
        symbol = self._types.symbols.lookup(module, name.id)
        node = symbol.node if isinstance(symbol, Local) else None
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.decorator_list:
            return Unknowable()
        return bound(shape_of(self._types, module, node))

    def _read_decorators(self, definition: ClassDefinition, scope: Scope) -> None:
        for decorator in definition.node.decorator_list:
            symbol = self._types.symbols.expression(definition.module, decorator)
            if symbol == _DATACLASS and definition.node is self._start.node:
                self._members["__init__"] = _dataclass_init(definition.node, scope)
                self._definitions["__init__"] = Definition(definition.module, definition.node)
            elif isinstance(symbol, External) and symbol.name in _KEEPING_DECORATORS:
                continue
            elif not keeps_class(self._types, definition.module, decorator):
                self._trust_nothing()

    def _apply(self, attributes: InstanceAttributes) -> None:
        """Let what `__init__` sets on the instance hide what the class has."""
        for name, statement in attributes.constants.items():
            if self._complete and statement.value is not None:
                self._members[name] = NotCallable(_describe(statement.value))
                self._definitions[name] = Definition(self._start.module, statement)
        self._members.update(dict.fromkeys(attributes.unknown, Unknowable()))
        self._complete = self._complete and not attributes.open

    def _apply_outside(self) -> None:
        """Apply `Model.predict = ...`, `del Base.predict` and `patch(Model)` at the top of a module."""
        classes = {definition.node.name for definition in self._lineage if definition}
        modules = {id(d.module): d.module for d in self._lineage if d}
        self._complete = self._complete and not self._start.module.scope.open
        for node in (node for module in modules.values() for node in _run_by_import(module)):
            if isinstance(node, ast.Attribute) and node.attr in _SIGNATURES:
                self._trust_nothing()
            elif isinstance(node, ast.Attribute) and _is_one_of(node.value, classes):
                if isinstance(node.ctx, ast.Del):
                    self._members.pop(node.attr, None)
                    self._complete = False
                elif isinstance(node.ctx, ast.Store):
                    self._members[node.attr] = Unknowable()
            elif isinstance(node, ast.Call):
                given = (*node.args, *(keyword.value for keyword in node.keywords))
                if any(_is_one_of(argument, classes) for argument in given):
                    self._trust_nothing()


def _run_by_import(module: Module) -> Iterator[ast.AST]:
    """Yield the code at the top of a module, but not functions, classes and `if __name__ == ...`."""
    for statement in module.file.tree.body if module.file.tree else ():
        is_guard = isinstance(statement, ast.If) and is_main_guard(statement.test)
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not is_guard:
            yield from walk(statement)


def _is_one_of(node: ast.expr, names: Collection[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _describe(value: ast.expr) -> str:
    if isinstance(value, ast.Call):
        return f"what `{ast.unparse(value.func)}(...)` makes"
    if isinstance(value, ast.Constant):
        return "None" if value.value is None else f"a constant of type {type(value.value).__name__}"
    return f"a {type(value).__name__.removesuffix('Comp').lower()}"


def _dataclass_init(node: ast.ClassDef, scope: Scope) -> Member:
    """Return the `__init__` that `dataclass` writes; unknown where base classes or `field` decide."""
    if node.bases or "__init__" in scope:
        return Unknowable()
    parameters = []
    for statement in node.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        special = {"ClassVar", "InitVar", "KW_ONLY"} & {
            getattr(part, "id", getattr(part, "attr", "")) for part in ast.walk(statement.annotation)
        }
        if special or isinstance(statement.value, ast.Call) or isinstance(statement.annotation, ast.Constant):
            return Unknowable()
        has_default = statement.value is not None
        parameters.append(Parameter(statement.target.id, ParameterKind.POSITIONAL_OR_KEYWORD, has_default))
    return Shape(tuple(parameters))
