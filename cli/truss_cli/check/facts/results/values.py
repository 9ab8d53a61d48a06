"""What the expressions in a function certainly give, as types; most are unknown."""

import ast
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from truss_cli.check.facts.data_folder import is_data_folder
from truss_cli.check.facts.function_names import FunctionNames, OwnFunction
from truss_cli.check.facts.model.methods import form_of
from truss_cli.check.facts.results.contents import added_to
from truss_cli.check.facts.results.known_calls import (
    ARRAY_METHODS,
    CONVERTING_METHODS,
    FUNCTIONS,
    METHODS,
    PYDANTIC_CONSTRUCTORS,
    SENDABLE_NAME,
)
from truss_cli.check.facts.results.operations import item, operation
from truss_cli.check.facts.results.value import DISPLAYS, FORMS, Value, builtin, element_of, join
from truss_cli.contract.shape import UNKNOWN_TYPE, Form, Type
from truss_cli.contract.terms import PYDANTIC_MODEL, STREAMS
from truss_cli.static.names.scopes import Binding, binds_unseen, scope_of
from truss_cli.static.names.symbols import External, Local
from truss_cli.static.syntax.flow import may_end_without_return
from truss_cli.static.syntax.nodes import branches, own_nodes, root_name

_CONTAINERS = ("builtins.list", "builtins.dict", "builtins.tuple", "collections.defaultdict")
_DEEPEST = 4
"""Calls of the truss's own functions that are followed, one inside the other."""


_Bound = Mapping[str, Value]


class FunctionValues:
    """Reads the expressions of one function of the model."""

    def __init__(self, names: FunctionNames, depth: int = 0) -> None:
        self.names = names
        self._types = names.types
        self._depth = depth
        self._active: set[str] = set()

    def returned(self) -> list[Value]:
        """Return the values of the function's own `return` statements that give one."""
        nodes = [node.value for node in own_nodes(self.names.function, ast.Return)]
        return [self.value(branch) for node in nodes if node is not None for branch in branches(node)]

    def yielded(self) -> list[Value]:
        """Return the values of the function's own `yield`s; a bare one yields None."""
        yields = own_nodes(self.names.function, ast.Yield)
        return [self.value(node.value or ast.copy_location(ast.Constant(None), node)) for node in yields]

    def streams(self) -> Iterator["FunctionValues"]:
        """Yield the generators of the truss that the function's own `return` statements call."""
        for returned in own_nodes(self.names.function, ast.Return):
            for branch in branches(returned.value) if returned.value else ():
                own = self._called(branch, {}) if isinstance(branch, ast.Call) else None
                if own is not None and form_of(own.node) in STREAMS:
                    yield FunctionValues(self.names.of_function(own), self._depth + 1)

    def value(self, node: ast.expr, bound: _Bound = MappingProxyType({})) -> Value:
        """Return the value of an expression; `bound` has the variables of comprehensions around it."""
        if type(node) in DISPLAYS:
            return Value(node, builtin(DISPLAYS[type(node)]), tuple(self._displayed(node, bound)))
        if isinstance(node, ast.Constant):
            name = "None" if node.value is None else type(node.value).__name__
            return Value(node, builtin(f"builtins.{name}"))
        if isinstance(node, ast.IfExp):
            return join(node, [self.value(branch, bound) for branch in branches(node)])
        read = self._READERS.get(type(node))
        return read(self, node, bound) if read else Value(node)

    def _displayed(self, node: ast.expr, bound: _Bound) -> Iterator[Value]:
        """Yield what a display or comprehension holds that ends up in a JSON value."""
        if isinstance(node, ast.Dict):
            yield from self._dict_values(node, bound)
        elif isinstance(node, ast.List | ast.Tuple):
            for element in node.elts:
                if isinstance(element, ast.Starred):
                    yield from self.value(element.value, bound).held
                else:
                    yield self.value(element, bound)
        elif isinstance(node, ast.ListComp | ast.DictComp):
            inside = dict(bound)
            for generator in node.generators:
                if isinstance(generator.iter, ast.List | ast.Tuple) and not generator.iter.elts:
                    return
                iterable = self.value(generator.iter, inside)
                named = {n.id for n in ast.walk(generator.target) if isinstance(n, ast.Name)}
                inside.update({name: Value(generator.target) for name in named})
                if isinstance(generator.target, ast.Name):
                    inside[generator.target.id] = element_of(generator.target, iterable)
            made = self.value(node.elt if isinstance(node, ast.ListComp) else node.value, inside)
            filtered = any(generator.ifs for generator in node.generators)
            yield made._replace(certain=made.certain and not filtered)

    def _dict_values(self, node: ast.Dict, bound: _Bound) -> Iterator[Value]:
        """Yield the values of a dict display, and those of the dicts that are spread in it."""
        for index, (key, inner) in enumerate(zip(node.keys, node.values, strict=True), 1):
            # What is spread may be replaced by any later key, a value by the same key or what is spread.
            later = node.keys[index:]
            replaced = None in later if key else bool(later)
            again = key is not None and any(same and ast.dump(same) == ast.dump(key) for same in later)
            value = self.value(inner, bound)
            for held in (value,) if key else value.held:
                yield held._replace(certain=held.certain and not replaced and not again)

    def _await(self, node: ast.Await, bound: _Bound) -> Value:
        if not isinstance(node.value, ast.Call):
            return Value(node)
        own = self._called(node.value, bound)
        if own is not None and form_of(own.node) is Form.COROUTINE:
            return self._followed(node, own)
        return Value(node, own=own is not None)

    def _call(self, node: ast.Call, bound: _Bound) -> Value:
        own = self._called(node, bound)
        if own is not None:
            form = FORMS.get(form_of(own.node))
            return Value(node, builtin(form)) if form else self._followed(node, own)
        if isinstance(node.func, ast.Subscript):
            return self._generic_call(node, node.func)
        symbol = self.names.symbol(node.func) if not _root_is(node.func, bound) else None
        if isinstance(symbol, External):
            return self._external_call(node, symbol, bound)
        if isinstance(symbol, Local):
            is_class = isinstance(symbol.node, ast.ClassDef)
            return Value(node, self._types.of_symbol(symbol)) if is_class else Value(node, own=True)
        if isinstance(node.func, ast.Attribute):
            return self._method_call(node, node.func, bound)
        return Value(node)

    def _generic_call(self, node: ast.Call, function: ast.Subscript) -> Value:
        """Return what `Page[int](...)` makes, if `Page` is a Pydantic model."""
        made = self._types.of_symbol(self.names.symbol(function.value))
        return Value(node, made) if made.is_a(PYDANTIC_MODEL) else Value(node)

    def _called(self, node: ast.Call, bound: _Bound) -> OwnFunction | None:
        """Return the function of the truss that a call runs: by name, or as a method of an own class."""
        if _root_is(node.func, bound):
            return None
        own = self.names.own_function(node.func) or self.names.inherited(node.func)
        if own is not None or not isinstance(node.func, ast.Attribute):
            return own
        symbol = self._types.class_symbol(self.value(node.func.value, bound).type)
        return self.names.method_of(symbol.module, symbol.node, node.func.attr) if symbol else None

    def _followed(self, node: ast.expr, own: OwnFunction) -> Value:
        """Return what a function of the truss returns, wherever it is called."""
        if self._depth >= _DEEPEST:
            return Value(node, own=True)
        returned = FunctionValues(self.names.of_function(own), self._depth + 1).returned()
        if returned and may_end_without_return(own.node):
            returned.append(Value(node, builtin("builtins.None")))
        found = join(node, returned) if returned else Value(node)
        return found._replace(own=True).at(node)

    def _external_call(self, node: ast.Call, symbol: External, bound: _Bound) -> Value:
        held = self.value(node.args[0], bound).held if len(node.args) == 1 else ()
        if symbol.name in FUNCTIONS:
            held = held if symbol.name == "builtins.sorted" else ()
            return Value(node, self._known(FUNCTIONS[symbol.name]), held)
        found = self._types.of_symbol(symbol)
        if found.open or found.name.startswith("typing."):
            return Value(node)
        if found.name == "builtins.dict":
            given = [self.value(keyword.value, bound) for keyword in node.keywords if keyword.arg]
            held = (*(one._replace(certain=one.certain and not given) for one in held), *given)
        return Value(node, found, held if found.name in _CONTAINERS else ())

    def _method_call(self, node: ast.Call, function: ast.Attribute, bound: _Bound) -> Value:
        owner = None if _root_is(function, bound) else self.names.symbol(function.value)
        if function.attr in PYDANTIC_CONSTRUCTORS and isinstance(owner, Local):
            is_class = isinstance(owner.node, ast.ClassDef) and function.attr not in scope_of(owner.node)
            made = self._types.of_symbol(owner) if is_class else UNKNOWN_TYPE
            return Value(node, made) if made.is_a(PYDANTIC_MODEL) else Value(node)
        receiver = self.value(function.value, bound)
        given = METHODS.get(receiver.type.name, {}).get(function.attr)
        if given is not None:
            return Value(node, self._known(given))
        if receiver.type.name in _CONTAINERS and function.attr == "copy":
            return receiver.at(node)
        if function.attr in CONVERTING_METHODS:
            return Value(node, self._known(SENDABLE_NAME))
        if function.attr in ARRAY_METHODS and receiver.type.open:
            return Value(node, self._known(ARRAY_METHODS[function.attr]), certain=False)
        return Value(node, own=self._types.class_symbol(receiver.type) is not None)

    def _attribute(self, node: ast.Attribute, bound: _Bound) -> Value:
        if node.attr == "__dict__":
            return Value(node, builtin("builtins.dict"))
        owner = None if _root_is(node, bound) else self.names.symbol(node.value)
        if not isinstance(owner, Local) or not isinstance(owner.node, ast.ClassDef):
            return self._attribute_of_value(node, bound)
        found = self._types.of_class(owner.module, owner.node)
        if not found.is_a("enum.Enum"):
            return self._constant(node)
        candidates = scope_of(owner.node).candidates(node.attr)
        what = candidates[0].what if len(candidates) == 1 else None
        if not isinstance(what, ast.expr):
            return Value(node)
        if isinstance(what, ast.Call):  # `nonmember(...)`, `member(...)`, or a descriptor
            made = self._types.symbols.expression(owner.module, what.func)
            plain = isinstance(made, External) and made.name in ("enum.auto", "enum.member")
            return Value(node, found) if plain else Value(node)
        return Value(node, found)

    def _attribute_of_value(self, node: ast.Attribute, bound: _Bound) -> Value:
        """Return an attribute of the model that one statement sets, or one that gives a path of a path."""
        if isinstance(node.value, ast.Name):
            stored = None if _root_is(node, bound) else self.names.stored(node)
            if stored is not None and self._depth < _DEEPEST:
                # What the object holds may have changed since; its class has not.
                kind = FunctionValues(stored.names, self._depth + 1).value(stored.node).type
                return Value(node, kind)
            computed = None if _root_is(node, bound) else self.names.own_property(node)
            if computed is None:
                return self._constant(node)
            return self._followed(node, computed)._replace(certain=False)  # a cached one may be replaced
        receiver = self.value(node.value, bound).type
        is_path = receiver.is_a("pathlib.PurePath") and node.attr == "parent"
        return Value(node, receiver) if is_path else Value(node)

    def _name(self, node: ast.Name, bound: _Bound) -> Value:
        if node.id in bound:
            return bound[node.id].at(node)
        if is_data_folder(self.names, node):
            return Value(node, self._known("pathlib.Path"))
        bindings = self.names.scope.bindings.get(node.id, [])
        hidden = node.id in self.names.parameters or self.names.scope.open or node.id in self._active
        if not hidden and not bindings:
            return self._constant(node)
        if hidden or binds_unseen(self.names.function, node.id):
            return Value(node)
        self._active.add(node.id)
        try:
            values = [self._bound_by(node, binding) for binding in bindings]
        finally:
            self._active.discard(node.id)
        if len(values) > 1:
            same = all(value.type == values[0].type for value in values)
            return Value(node, values[0].type if same else UNKNOWN_TYPE, own=any(v.own for v in values))
        return self._filled(node, values[0])

    def _constant(self, node: ast.expr) -> Value:
        """Return a set or bytes that a module or class has as a constant; other code may replace it."""
        what = self.names.constant(node)
        if isinstance(what, ast.Set | ast.SetComp) or (
            isinstance(what, ast.Constant) and isinstance(what.value, bytes)
        ):
            return self.value(what)._replace(node=node, held=(), certain=False)
        return Value(node)

    def _bound_by(self, node: ast.Name, binding: Binding) -> Value:
        """Return what one binding of a local name gives it."""
        what, statement = binding.what, binding.node
        if isinstance(statement, ast.Try):  # only the name of a handler is bound by `try` itself
            return Value(node, builtin("builtins.Exception"))
        if isinstance(statement, ast.For) and isinstance(statement.target, ast.Name):
            return element_of(node, self.value(statement.iter))
        if isinstance(what, ast.expr) and not isinstance(what, ast.Name):
            return self.value(what)
        return Value(node)

    def _filled(self, node: ast.Name, value: Value) -> Value:
        """Return a local container with what is put into it step by step."""
        if value.type.name not in _CONTAINERS:
            return value.at(node)
        added = added_to(self.names.function, node.id)
        if added is None or (value.held and any(one.by_key for one in added)):
            return Value(node, value.type, own=value.own)
        self._active.add(node.id)
        try:
            put = [
                self.value(one.node)._replace(certain=one.certain and one.node.lineno <= node.lineno)
                for one in added
            ]
        finally:
            self._active.discard(node.id)
        return value._replace(node=node, held=(*value.held, *put))

    def _operation(self, node: ast.BinOp, bound: _Bound) -> Value:
        return operation(node, self.value(node.left, bound), self.value(node.right, bound))

    def _subscript(self, node: ast.Subscript, bound: _Bound) -> Value:
        if is_data_folder(self.names, node):
            return Value(node, self._known("pathlib.Path"))
        owner = None if _root_is(node, bound) else self.names.symbol(node.value)
        if isinstance(owner, Local) and isinstance(owner.node, ast.ClassDef):  # `Color["RED"]`
            found = self._types.of_class(owner.module, owner.node)
            bases = [self._types.symbols.expression(owner.module, base) for base in owner.node.bases]
            plain = not owner.node.keywords and all(isinstance(base, External) for base in bases)
            return Value(node, found) if plain and found.is_a("enum.Enum") else Value(node)
        return item(node, self.value(node.value, bound))

    def _known(self, name: str) -> Type:
        return self._types.of_symbol(External(name))

    _READERS: Mapping[type[ast.expr], Callable[..., Value]] = MappingProxyType(
        {
            ast.Attribute: _attribute,
            ast.Await: _await,
            ast.BinOp: _operation,
            ast.Call: _call,
            ast.Name: _name,
            ast.Subscript: _subscript,
        }
    )


def _root_is(node: ast.expr, bound: _Bound) -> bool:
    """Whether a dotted name starts with a variable of a comprehension."""
    return root_name(node) in bound
