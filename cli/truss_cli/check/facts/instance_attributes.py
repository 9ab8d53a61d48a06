"""What a model's methods set on `self`, as far as it hides members of the class."""

import ast
from collections.abc import Iterator, Sequence

from truss_cli.check.python.lineage import Lineage
from truss_cli.check.python.nodes import Function, own_nodes
from truss_cli.check.python.symbols import Local, Module
from truss_cli.check.python.types import Types
from truss_cli.contract.terms import METHODS

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


class InstanceAttributes:
    """Attributes of the names of methods that are set on the instance before the server looks.

    `constants` are set by a plain statement of `__init__` to something that
    cannot be called, `unknown` in any other way. `open`: more may be set.
    """

    def __init__(self) -> None:
        self.constants: dict[str, ast.Assign | ast.AnnAssign] = {}
        self.unknown: set[str] = set()
        self.open = False


def instance_attributes(types: Types, lineage: Lineage) -> InstanceAttributes:
    """Read what the methods of all the classes set on their first parameter."""
    found = InstanceAttributes()
    functions = {
        function: definition.module
        for definition in lineage
        for function in (definition.node.body if definition else ())
        if definition and isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    early = _run_early([*functions])
    for function, module in functions.items():
        _read(found, function, early=function.name in early)
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


def _read(found: InstanceAttributes, function: Function, *, early: bool) -> None:
    constants = dict(_constants(function)) if function.name == "__init__" else {}
    found.constants.update(constants)
    if _sets_by_name(function):
        found.open = True
        found.unknown.update(_named(function) & {*METHODS})
    for node in own_nodes(function, ast.Attribute):
        sets_method = node.attr in METHODS and isinstance(node.ctx, ast.Store)
        if sets_method and function.name == "__init__" and node.attr not in constants:
            found.unknown.add(node.attr)
        elif sets_method and function.name != "__init__" and early:
            found.unknown.add(node.attr)
            found.open = True


def _sets_by_name(function: Function) -> bool:
    return any(node.id in ("setattr", "vars") for node in own_nodes(function, ast.Name)) or any(
        node.attr in ("__dict__", "__class__", "__setattr__") for node in own_nodes(function, ast.Attribute)
    )


def _constants(function: Function) -> Iterator[tuple[str, ast.Assign | ast.AnnAssign]]:
    """Yield what plain statements at the top of `__init__` set once to something that cannot be called."""
    first = next(iter([*function.args.posonlyargs, *function.args.args]), None)
    stores = [node.attr for node in own_nodes(function, ast.Attribute) if not isinstance(node.ctx, ast.Load)]
    for statement in function.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or not isinstance(
            statement.value, _NEVER_CALLABLE
        ):
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
