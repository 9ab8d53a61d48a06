"""What a model's methods set on `self`, as far as it hides members of the class."""

import ast
from collections.abc import Iterator, Sequence

from truss_cli.check.python.lineage import Lineage
from truss_cli.check.python.nodes import Function, own_nodes
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


def instance_attributes(lineage: Lineage) -> InstanceAttributes:
    """Read what the methods of all the classes set on their first parameter."""
    found = InstanceAttributes()
    functions = [
        function
        for definition in lineage
        for function in (definition.node.body if definition else ())
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    early = _run_early(functions)
    for function in functions:
        _read(found, function, early=function.name in early)
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
    first = next(iter([*function.args.posonlyargs, *function.args.args]), None)
    inner = [*own_nodes(function, ast.FunctionDef), *own_nodes(function, ast.Lambda)]
    given = [
        argument
        for call in own_nodes(function, ast.Call)
        for argument in (*call.args, *(keyword.value for keyword in call.keywords))
    ]
    passed = any(isinstance(node, ast.Name) and first is not None and node.id == first.arg for node in given)
    return passed or bool(inner)


def _read(found: InstanceAttributes, function: Function, *, early: bool) -> None:
    constants = dict(_constants(function)) if function.name == "__init__" else {}
    found.constants.update(constants)
    if any(node.id in ("setattr", "vars") for node in own_nodes(function, ast.Name)):
        found.open = True
    for node in own_nodes(function, ast.Attribute):
        found.open = found.open or node.attr in ("__dict__", "__class__", "__setattr__")
        sets_method = node.attr in METHODS and isinstance(node.ctx, ast.Store)
        if sets_method and function.name == "__init__" and node.attr not in constants:
            found.unknown.add(node.attr)
        elif sets_method and function.name != "__init__" and early:
            found.unknown.add(node.attr)
            found.open = True


def _constants(function: Function) -> Iterator[tuple[str, ast.Assign | ast.AnnAssign]]:
    """Yield what plain statements at the top of `__init__` set once to something that cannot be called."""
    first = next(iter([*function.args.posonlyargs, *function.args.args]), None)
    stores = [node.attr for node in own_nodes(function, ast.Attribute) if isinstance(node.ctx, ast.Store)]
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
