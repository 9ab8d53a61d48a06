"""What a model's methods set on `self`, as far as it hides members of the class."""

import ast
from collections.abc import Iterator, Sequence

from truss_cli.contract.terms import METHODS
from truss_cli.static.names.lineage import ClassDefinition, Lineage, lineage
from truss_cli.static.names.scopes import scope_of
from truss_cli.static.names.symbols import External, Local, Module
from truss_cli.static.names.types import Types
from truss_cli.static.syntax.nodes import Function, own_nodes, root_name, stored_attributes

_NEVER_CALLABLE = (
    ast.Constant,
    ast.List,
    ast.Dict,
    ast.Set,
    ast.Tuple,
    ast.JoinedStr,
    ast.ListComp,
    ast.DictComp,
)


_MAKES_NO_FUNCTION = frozenset(
    {
        *(
            f"builtins.{name}"
            for name in ("bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple")
        ),
        *(f"collections.{name}" for name in ("Counter", "OrderedDict", "defaultdict", "deque")),
        *(f"numpy.{name}" for name in ("array", "empty", "ones", "zeros")),
        *(f"queue.{name}" for name in ("LifoQueue", "PriorityQueue", "Queue")),
        "asyncio.Queue",
    }
)
"""Classes and functions that make what cannot be called."""


class InstanceAttributes:
    """Attributes of the names of methods that are set on the instance before the server looks.

    `constants` are set by a plain statement of `__init__` to something that
    cannot be called, `unknown` in any other way. `open`: more may be set.
    """

    def __init__(self) -> None:
        self.constants: dict[str, ast.Assign | ast.AnnAssign] = {}
        self.unknown: set[str] = set()
        self.open = False


def instance_attributes(types: Types, classes: Lineage) -> InstanceAttributes:
    """Read what the methods of all the classes set on their first parameter."""
    found = InstanceAttributes()
    functions = {
        function: definition.module
        for definition in classes
        for function in (definition.node.body if definition else ())
        if definition and isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    early = _run_early([*functions])
    for function, module in functions.items():
        _read(found, types, module, function, early=function.name in early)
        if function.name in early:
            _read_functions_given_self(found, types, module, function)
    return found


def _run_early(functions: Sequence[Function]) -> frozenset[str]:
    """Return the names of methods that may run while the instance is made, before the server looks at it."""
    by_name: dict[str, list[Function]] = {}
    for function in functions:
        by_name.setdefault(function.name, []).append(function)
    early: set[str] = set()
    pending = [name for name in by_name if name.startswith("__")]
    while pending:
        name = pending.pop()
        if name in early:
            continue
        early.add(name)
        for function in by_name[name]:
            if _passes_self(function):
                return frozenset(by_name)
            pending += [node.attr for node in own_nodes(function, ast.Attribute) if node.attr in by_name]
    return frozenset(early)


def _passes_self(function: Function) -> bool:
    """Whether a method gives its instance to other code, which may call any method."""
    inner = [*own_nodes(function, ast.FunctionDef), *own_nodes(function, ast.Lambda)]
    return bool(inner) or any(True for _ in _calls_given_self(function))


def _calls_given_self(function: Function) -> Iterator[ast.Call]:
    """Yield the calls that a method gives its instance to."""
    first = next(iter([*function.args.posonlyargs, *function.args.args]), None)
    for call in own_nodes(function, ast.Call):
        given = (*call.args, *(keyword.value for keyword in call.keywords))
        if any(isinstance(node, ast.Name) and first is not None and node.id == first.arg for node in given):
            yield call


def _read_functions_given_self(
    found: InstanceAttributes, types: Types, module: Module, function: Function
) -> None:
    """Let the truss's own functions set what they name on the instance that they are given."""
    for call in _calls_given_self(function):
        symbol = types.symbols.expression(module, call.func)
        if isinstance(symbol, Local) and isinstance(symbol.node, ast.FunctionDef):
            stored = (n.attr for n in own_nodes(symbol.node, ast.Attribute) if isinstance(n.ctx, ast.Store))
            found.unknown.update({*stored, *_named(symbol.node)} & {*METHODS})


def _named(function: Function) -> set[str]:
    """Return the names that a function has as strings and keywords, for `setattr` or `vars`."""
    strings = {node.value for node in own_nodes(function, ast.Constant) if isinstance(node.value, str)}
    keywords = {k.arg for call in own_nodes(function, ast.Call) for k in call.keywords if k.arg}
    return strings | keywords


def _read(
    found: InstanceAttributes, types: Types, module: Module, function: Function, *, early: bool
) -> None:
    constants = dict(_constants(types, module, function)) if function.name == "__init__" else {}
    found.constants.update(constants)
    if sets_by_name(function):
        found.open = True
        found.unknown.update(_named(function) & {*METHODS})
    for node in own_nodes(function, ast.Attribute):
        sets_method = node.attr in METHODS and isinstance(node.ctx, ast.Store)
        if sets_method and function.name == "__init__" and node.attr not in constants:
            found.unknown.add(node.attr)
        elif sets_method and function.name != "__init__" and early:
            found.unknown.add(node.attr)
            found.open = True


def sets_by_name(function: Function) -> bool:
    """Whether a function may set attributes whose names it does not write as `self.name = ...`."""
    return any(node.id in ("setattr", "vars") for node in own_nodes(function, ast.Name)) or any(
        node.attr in ("__dict__", "__class__", "__setattr__") for node in own_nodes(function, ast.Attribute)
    )


def gives_no_function(types: Types, module: Module, value: ast.expr | None) -> bool:
    """Whether an expression at the top of a module or class certainly gives what cannot be called."""
    if not isinstance(value, ast.Call):
        return isinstance(value, _NEVER_CALLABLE)
    symbol = types.symbols.expression(module, value.func)
    if isinstance(symbol, External):
        return symbol.name in _MAKES_NO_FUNCTION
    if not isinstance(symbol, Local) or not isinstance(symbol.node, ast.ClassDef):
        return False
    bases = lineage(types, ClassDefinition(symbol.module, symbol.node))
    tree = symbol.module.file.tree
    may_get_call = tree is None or "__call__" in stored_attributes(tree)
    return not may_get_call and all(base is not None and _has_no_call(base.node) for base in bases)


def _has_no_call(node: ast.ClassDef) -> bool:
    scope = scope_of(node)
    decided_elsewhere = node.keywords or node.decorator_list or scope.open
    return not decided_elsewhere and not {"__call__", "__get__", "__new__"} & scope.bindings.keys()


def _constants(
    types: Types, module: Module, function: Function
) -> Iterator[tuple[str, ast.Assign | ast.AnnAssign]]:
    """Yield what plain statements at the top of `__init__` set once to something that cannot be called."""
    first = next(iter([*function.args.posonlyargs, *function.args.args]), None)
    arguments = function.args
    every = (
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    )
    local = {*scope_of(function).bindings, *(one.arg for one in every if one)}
    stores = [node.attr for node in own_nodes(function, ast.Attribute) if not isinstance(node.ctx, ast.Load)]
    for statement in function.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign):
            continue
        hidden = isinstance(statement.value, ast.Call) and root_name(statement.value.func) in local
        if hidden or not gives_no_function(types, module, statement.value):
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            own = (
                isinstance(target, ast.Attribute)
                and isinstance(target.value, ast.Name)
                and first is not None
                and target.value.id == first.arg
            )
            if (
                isinstance(target, ast.Attribute)
                and own
                and target.attr in METHODS
                and stores.count(target.attr) == 1
            ):
                yield target.attr, statement
