"""What the expressions in a function certainly give, as types; most are unknown."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.methods import form_of
from truss_cli.check.facts.model_class import ModelClass
from truss_cli.check.python.nodes import Function, own_nodes
from truss_cli.check.python.scopes import binds_unseen, scope_of
from truss_cli.check.python.symbols import External, Local, Module, Symbol
from truss_cli.check.python.types import Types
from truss_cli.contract.shape import UNKNOWN_TYPE, Form, Type

SENDABLE = Type("typing.Any")
"""Of no known class, but something that JSON has."""

_DISPLAYS = {
    ast.Dict: "builtins.dict",
    ast.DictComp: "builtins.dict",
    ast.GeneratorExp: "types.GeneratorType",
    ast.JoinedStr: "builtins.str",
    ast.Lambda: "types.FunctionType",
    ast.List: "builtins.list",
    ast.ListComp: "builtins.list",
    ast.Set: "builtins.set",
    ast.SetComp: "builtins.set",
    ast.Tuple: "builtins.tuple",
}
_FUNCTIONS = {
    "base64.b64encode": "builtins.bytes",
    "base64.urlsafe_b64encode": "builtins.bytes",
    "builtins.sorted": "builtins.list",
    "builtins.vars": "builtins.dict",
    "dataclasses.asdict": "builtins.dict",
    "dataclasses.astuple": "builtins.tuple",
    "datetime.date.today": "datetime.date",
    "datetime.datetime.fromtimestamp": "datetime.datetime",
    "datetime.datetime.now": "datetime.datetime",
    "datetime.datetime.today": "datetime.datetime",
    "datetime.datetime.utcnow": "datetime.datetime",
    "json.dumps": "builtins.str",
    "pickle.dumps": "builtins.bytes",
    "uuid.uuid1": "uuid.UUID",
    "uuid.uuid4": "uuid.UUID",
}
_CONVERTING_FUNCTIONS = frozenset(
    {"fastapi.encoders.jsonable_encoder", "json.loads", "pydantic_core.to_jsonable_python"}
)
_CONVERTING_METHODS = frozenset(
    {
        "as_dict",
        "asdict",
        "decode",
        "dict",
        "hex",
        "isoformat",
        "item",
        "json",
        "model_dump",
        "model_dump_json",
        "to_dict",
        "to_json",
        "to_list",
        "tolist",
    }
)
"""Methods that are called to make something JSON can hold."""
_FORMS = {
    Form.COROUTINE: "types.CoroutineType",
    Form.GENERATOR: "types.GeneratorType",
    Form.ASYNC_GENERATOR: "types.AsyncGeneratorType",
}


class FunctionValues:
    """Reads the expressions of one function of the model."""

    def __init__(self, types: Types, model: ModelClass, module: Module, function: Function) -> None:
        self.types = types
        self.model = model
        self.module = module
        self.function = function
        self._scope = scope_of(function)
        arguments = function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        self._self = positional[0].arg if positional else None
        self._parameters = {a.arg for a in (*positional, *arguments.kwonlyargs)}
        self._parameters |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a}

    def returned(self) -> list[ast.expr]:
        """Return the expressions of the function's own `return` statements that give a value."""
        nodes = [node.value for node in own_nodes(self.function, ast.Return)]
        return [value for node in nodes if node is not None for value in _branches(node)]

    def yielded(self) -> list[ast.expr]:
        """Return the expressions of the function's own `yield`s; a bare one yields None."""
        yields = own_nodes(self.function, ast.Yield)
        return [node.value or ast.copy_location(ast.Constant(None), node) for node in yields]

    def parts(self, node: ast.expr, *, whole: bool = True) -> Iterator[tuple[ast.expr, Type, bool]]:
        """Yield an expression and all it visibly holds, each with its type and whether it is the whole."""
        yield node, self.type_of(node), whole
        for inner in _held(node):
            for branch in _branches(inner):
                yield from self.parts(branch, whole=False)

    def type_of(self, node: ast.expr) -> Type:
        """Return the type of an expression; unknown unless it is certain."""
        if type(node) in _DISPLAYS:
            return _builtin(_DISPLAYS[type(node)])
        if isinstance(node, ast.Constant):
            return _builtin(
                "builtins.None" if node.value is None else f"builtins.{type(node.value).__name__}"
            )
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Attribute):
            return self._member_of_enum(node)
        if isinstance(node, ast.Name):
            return self._local(node)
        return UNKNOWN_TYPE

    def symbol(self, node: ast.expr) -> Symbol | None:
        """Return what a name or dotted name means inside the function, its own imports included."""
        if isinstance(node, ast.Attribute):
            return self.types.symbols.attribute(self.symbol(node.value), node.attr)
        if not isinstance(node, ast.Name) or node.id in self._parameters:
            return None
        candidates = self._scope.candidates(node.id)
        if len(candidates) > 1:
            return None
        if candidates:
            found = candidates[0].what
            return (
                None
                if isinstance(found, ast.expr)
                else self.types.symbols.binding(self.module, candidates[0])
            )
        return self.types.symbols.lookup(self.module, node.id)

    def own_method(self, node: ast.expr) -> tuple[Module, Function] | None:
        """Return the function that `self.name` means if it is an undecorated method of the model."""
        if (
            not isinstance(node, ast.Attribute)
            or not isinstance(node.value, ast.Name)
            or node.value.id != self._self
            or self._is_set(node.attr)
        ):
            return None
        for definition in self.model.lineage:
            if definition is None:
                return None
            candidates = scope_of(definition.node).candidates(node.attr)
            if candidates:
                found = candidates[0].what if len(candidates) == 1 else None
                if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef) and not found.decorator_list:
                    return definition.module, found
                return None
        return None

    def _is_set(self, attribute: str) -> bool:
        """Whether a method sets the attribute on an instance, where it would hide one of the class."""
        return any(
            node.attr == attribute and isinstance(node.ctx, ast.Store)
            for _, function in self.model.functions()
            for node in own_nodes(function, ast.Attribute)
        )

    def _call(self, node: ast.Call) -> Type:
        own = self.own_method(node.func)
        if own:
            return _builtin(_FORMS[form_of(own[1])]) if form_of(own[1]) in _FORMS else UNKNOWN_TYPE
        symbol = self.symbol(node.func)
        if isinstance(symbol, External):
            return self._external_call(symbol)
        if isinstance(symbol, Local):
            return self._local_call(symbol)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _CONVERTING_METHODS:
            return SENDABLE
        return UNKNOWN_TYPE

    def _external_call(self, symbol: External) -> Type:
        if symbol.name in _CONVERTING_FUNCTIONS:
            return SENDABLE
        if symbol.name in _FUNCTIONS:
            return self.types.of_symbol(External(_FUNCTIONS[symbol.name]))
        found = self.types.of_symbol(symbol)
        return UNKNOWN_TYPE if found.open or found.name.startswith("typing.") else found

    def _local_call(self, symbol: Local) -> Type:
        if isinstance(symbol.node, ast.ClassDef):
            return self.types.of_class(symbol.module, symbol.node)
        if isinstance(symbol.node, ast.FunctionDef | ast.AsyncFunctionDef) and not symbol.node.decorator_list:
            form = form_of(symbol.node)
            return _builtin(_FORMS[form]) if form in _FORMS else UNKNOWN_TYPE
        return UNKNOWN_TYPE

    def _member_of_enum(self, node: ast.Attribute) -> Type:
        owner = self.symbol(node.value)
        if not isinstance(owner, Local) or not isinstance(owner.node, ast.ClassDef):
            return UNKNOWN_TYPE
        found = self.types.of_class(owner.module, owner.node)
        bound = scope_of(owner.node).candidates(node.attr)
        is_member = len(bound) == 1 and isinstance(bound[0].what, ast.expr)
        return found if found.is_a("enum.Enum") and is_member else UNKNOWN_TYPE

    def _local(self, node: ast.Name) -> Type:
        """Follow a variable that is assigned once, except to something that may be changed in place."""
        candidates = self._scope.bindings.get(node.id, [])
        if len(candidates) != 1 or node.id in self._parameters or self._scope.open:
            return UNKNOWN_TYPE
        value = candidates[0].what
        if not isinstance(value, ast.expr) or isinstance(value, ast.Name):
            return UNKNOWN_TYPE
        return UNKNOWN_TYPE if binds_unseen(self.function, node.id) else self.type_of(value)


def _builtin(name: str) -> Type:
    bases = {"builtins.bool": frozenset({"builtins.int"})}
    return Type(name, ancestors=bases.get(name, frozenset()))


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the expressions that a conditional expression may give."""
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    else:
        yield node


def _held(node: ast.expr) -> list[ast.expr]:
    """Return the expressions inside a display or comprehension that end up in a JSON value."""
    if isinstance(node, ast.Dict):
        return list(node.values)
    if isinstance(node, ast.List | ast.Tuple):
        return [element for element in node.elts if not isinstance(element, ast.Starred)]
    if isinstance(node, ast.ListComp):
        return [node.elt]
    if isinstance(node, ast.DictComp):
        return [node.value]
    return []
