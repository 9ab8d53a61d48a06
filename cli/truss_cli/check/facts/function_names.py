"""What the names in one function of the model mean: the only way in which rules resolve them."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from truss_cli.check.facts.model.instance_attributes import sets_by_name
from truss_cli.check.facts.model.model_class import ModelClass
from truss_cli.static.names.patches import may_patch, may_set_by_name
from truss_cli.static.names.scopes import scope_of
from truss_cli.static.names.symbols import External, Local, Module, Symbol
from truss_cli.static.names.types import Types
from truss_cli.static.syntax.nodes import Function, own_nodes, rebound_names, stored_attributes

_STATIC = "builtins.staticmethod"
_UNBOUND = frozenset({_STATIC, "builtins.classmethod"})


class OwnFunction(NamedTuple):
    """A function of the truss that a call runs."""

    module: Module
    node: Function


class Stored(NamedTuple):
    """The only expression that is assigned to an attribute of the model, and the names it is written in."""

    names: "FunctionNames"
    node: ast.expr


class FunctionNames:
    """Resolves names as the function does: parameters and locals hide what encloses it, and the module.

    `instance` is the name by which the function knows the model's instance (or
    its class): the first parameter of a method, or that of the enclosing method.
    """

    def __init__(
        self,
        types: Types,
        model: ModelClass,
        module: Module,
        function: Function,
        enclosing: "FunctionNames | None" = None,
    ) -> None:
        self.types, self.model = types, model
        self.module, self.function = module, function
        self._enclosing = enclosing
        self.scope = scope_of(function)
        arguments = function.args
        self.positional = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
        self.parameters = {*self.positional, *(a.arg for a in arguments.kwonlyargs)}
        self.parameters |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a}
        self.instance = self._instance()

    @property
    def is_nested(self) -> bool:
        """Whether the function stands inside another, whose names it sees."""
        return self._enclosing is not None

    def calls(self) -> Iterator[tuple[ast.Call, Symbol | None]]:
        """Yield the function's own calls, each with what is called; None if that is not known."""
        for node in own_nodes(self.function, ast.Call):
            yield node, self.symbol(node.func)

    def symbol(self, node: ast.expr) -> Symbol | None:
        """Return what a name or dotted name means inside the function, its own imports included."""
        if isinstance(node, ast.Attribute):
            return self.types.symbols.attribute(self.symbol(node.value), node.attr)
        if not isinstance(node, ast.Name) or node.id in self.parameters:
            return None
        candidates = self.scope.candidates(node.id)
        if len(candidates) > 1:
            return None
        if not candidates:
            return (
                self._enclosing.symbol(node)
                if self._enclosing
                else self.types.symbols.lookup(self.module, node.id)
            )
        if isinstance(candidates[0].what, ast.expr):
            return None
        return self.types.symbols.binding(self.module, candidates[0])

    def own_function(self, node: ast.expr) -> OwnFunction | None:
        """Return the function of the truss that calling an expression runs, if it is not decorated."""
        own = self.own_method(node)
        if own is not None:
            return own
        symbol = self.symbol(node)
        if isinstance(symbol, Local) and isinstance(symbol.node, ast.FunctionDef | ast.AsyncFunctionDef):
            is_replaced = symbol.node.decorator_list or self._is_patched(symbol.node.name)
            return None if is_replaced else OwnFunction(symbol.module, symbol.node)
        return None

    def constructor(self, node: ast.expr) -> OwnFunction | None:
        """Return the `__init__` that calling a plain class of the truss runs."""
        symbol = self.symbol(node)
        if not isinstance(symbol, Local) or not isinstance(symbol.node, ast.ClassDef):
            return None
        made = symbol.node
        special = made.decorator_list or made.keywords or made.bases or "__new__" in scope_of(made)
        return None if special else self._bound(symbol.module, made, "__init__")

    def _is_patched(self, function: str) -> bool:
        """Whether a file that was read puts something else in the place of a function of a module."""
        return any(may_patch(module, function) for module in self.types.symbols.loaded())

    def own_method(self, node: ast.expr) -> OwnFunction | None:
        """Return the function that `self.name` means if it is an undecorated method of the model."""
        if (
            not isinstance(node, ast.Attribute)
            or not self._is_instance(node.value)
            or self._is_set(node.attr)
        ):
            return None
        return self._defined(node.attr)

    def constant(self, node: ast.expr) -> ast.expr | None:
        """Return what a name of a module, or an attribute of the Model class, is set to there alone."""
        if isinstance(node, ast.Attribute):
            is_member = self._is_instance(node.value) or self._is_model(node.value)
            symbol = self._member(node.attr) if is_member and not self._stores(node.attr) else None
        elif isinstance(node, ast.Name) and not self._stores(node.id):
            symbol = self.symbol(node)
        else:
            return None
        found = symbol if isinstance(symbol, Local) and isinstance(symbol.node, ast.expr) else None
        tree = found.module.file.tree if found else None
        if found is None or tree is None or (isinstance(node, ast.Name) and node.id in rebound_names(tree)):
            return None
        return found.node if isinstance(found.node, ast.expr) else None

    def stored(self, node: ast.Attribute) -> Stored | None:
        """Return what `self.name` is set to, if one plain statement of a method sets it, and nothing else."""
        if (
            not self._is_instance(node.value)
            or None in self.model.lineage
            or self._member(node.attr)
            or self._stores(node.attr) != 1
        ):
            return None
        functions = [function for _, function in self.model.functions()]
        if any(sets_by_name(function) or function.name == "__setattr__" for function in functions):
            return None
        for module, function in self.model.functions():
            names = FunctionNames(self.types, self.model, module, function)
            for statement in own_nodes(function, ast.Assign):
                for target in statement.targets:
                    is_own = isinstance(target, ast.Attribute) and names._is_instance(target.value)
                    if is_own and isinstance(target, ast.Attribute) and target.attr == node.attr:
                        return Stored(names, statement.value)
        return None

    def _stores(self, attribute: str) -> int:
        """Return how often the files that were read set an attribute of a name, on whatever object."""
        trees = [module.file.tree for module in self.types.symbols.loaded() if module.file.tree]
        counts = [stored_attributes(tree) for tree in trees]
        return sum(count.get(attribute, 0) + count.get("*", 0) for count in counts)

    def of_function(self, own: OwnFunction) -> "FunctionNames":
        """Return the names of a function that this one calls; one nested in it sees its names, too."""
        nested = any(own.node is node for node in own_nodes(self.function, type(own.node)))
        return FunctionNames(self.types, self.model, *own, enclosing=self if nested else None)

    def text(self, node: ast.expr) -> str | None:
        """Return the string that an expression surely is: written there, or a constant's name."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name) and node.id in self.scope.bindings:
            bindings = self.scope.bindings[node.id]
            value = bindings[0].what if len(bindings) == 1 else None
            return self.text(value) if isinstance(value, ast.Constant) else None
        if isinstance(node, ast.Attribute) and (
            (self._is_instance(node.value) and not self._is_set(node.attr)) or self._is_model(node.value)
        ):
            symbol = self._member(node.attr)
        else:
            symbol = self.symbol(node)
        constant = symbol.node if isinstance(symbol, Local) else None
        return self.text(constant) if isinstance(constant, ast.Constant) else None

    def _defined(self, name: str) -> OwnFunction | None:
        """Return the function that the first class of the model's lineage to have the name binds to it."""
        for definition in self.model.lineage:
            if definition is None:
                return None
            if scope_of(definition.node).candidates(name):
                return self._bound(definition.module, definition.node, name)
        return None

    def _bound(self, module: Module, node: ast.ClassDef, name: str) -> OwnFunction | None:
        """Return the function that a class binds to a name, with no decorators but those of methods."""
        candidates = scope_of(node).candidates(name)
        found = candidates[0].what if len(candidates) == 1 else None
        is_replaced = (
            self._stores(name)
            or "__getattribute__" in scope_of(node)
            or any(may_set_by_name(one, name) for one in self.types.symbols.loaded())
        )
        if not isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef) or is_replaced:
            return None
        decorators = [self.types.symbols.expression(module, decorator) for decorator in found.decorator_list]
        if any(getattr(decorator, "name", None) not in _UNBOUND for decorator in decorators):
            return None
        return OwnFunction(module, found)

    def _instance(self) -> str | None:
        if any(function is self.function for _, function in self.model.functions()):
            decorators = (
                self.types.symbols.expression(self.module, node) for node in self.function.decorator_list
            )
            is_static = External(_STATIC) in decorators
            return self.positional[0] if self.positional and not is_static else None
        outer = self._enclosing.instance if self._enclosing else None
        hidden = outer in self.parameters or outer in self.scope.bindings
        return None if hidden else outer

    def _is_instance(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == self.instance

    def _is_model(self, node: ast.expr) -> bool:
        return self.symbol(node) == Local(self.model.module, self.model.node)

    def _member(self, name: str) -> Symbol | None:
        """Return what an attribute of the Model class means."""
        for definition in self.model.lineage:
            if definition is None:
                return None
            if scope_of(definition.node).candidates(name):
                return self.types.symbols.attribute(Local(*definition), name)
        return None

    def _is_set(self, attribute: str) -> bool:
        """Whether a method sets the attribute on an instance, where it would hide one of the class."""
        return any(
            node.attr == attribute and isinstance(node.ctx, ast.Store)
            for _, function in self.model.functions()
            for node in own_nodes(function, ast.Attribute)
        )
