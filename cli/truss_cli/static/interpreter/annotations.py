"""Values of an annotated type."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from truss_cli.static.interpreter.interpreter import Frame, RaisedError
from truss_cli.static.interpreter.scope import FunctionScope
from truss_cli.static.values.values import (
    NONE,
    UNKNOWN,
    AbstractValue,
    Arguments,
    ClassObject,
    Constant,
    Entries,
    Items,
    LibraryObject,
    TupleValue,
    Typed,
    constant,
    join,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter
    from truss_cli.static.names.symbols import Module

_DEEPEST = 5
"""Types inside one another that are read."""
_SEQUENCES = frozenset(
    {
        "builtins.list",
        "typing.List",
        "builtins.set",
        "typing.Set",
        "builtins.frozenset",
        "typing.FrozenSet",
        "collections.deque",
        "typing.Deque",
    }
)
_MAPPINGS = frozenset({"builtins.dict", "typing.Dict", "collections.defaultdict", "collections.OrderedDict"})
_TUPLES = ("builtins.tuple", "typing.Tuple")
_FIRST_ARGUMENT = (
    "typing.Annotated",
    "typing.Required",
    "typing.NotRequired",
    "typing.Final",
    "typing.ReadOnly",
)
_PLAIN = {"List": "list", "Dict": "dict", "Set": "set", "FrozenSet": "frozenset", "Text": "str"}


def annotated_value(
    run: AbstractInterpreter, node: ast.expr | None, module: Module, depth: int = 0
) -> AbstractValue:
    """Return a value of which only the annotated type is known."""
    if node is None or depth > _DEEPEST:
        return UNKNOWN
    if isinstance(node, ast.Constant):
        return _of_constant(run, node, module, depth)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        sides = [annotated_value(run, side, module, depth + 1) for side in (node.left, node.right)]
        return join(sides)
    if isinstance(node, ast.Subscript):
        return _generic(run, node, module, depth)
    if isinstance(node, ast.Name | ast.Attribute):
        return instance_of(run, meaning(run, node, module), depth)
    return UNKNOWN


def meaning(run: AbstractInterpreter, node: ast.expr, module: Module) -> AbstractValue:
    """Return the value of a name at the top of a module, without effects."""
    own_value = run.modules.get(module.name)
    if own_value is None:
        return UNKNOWN
    frame = run.frame
    if frame.module is not module:
        frame = Frame(0, module, FunctionScope())
    with run.inside(frame), run.muted():
        try:
            return run.evaluate(node)
        except RaisedError:
            return UNKNOWN


def _of_constant(run: AbstractInterpreter, node: ast.Constant, module: Module, depth: int) -> AbstractValue:
    if node.value is None:
        return NONE
    if not isinstance(node.value, str):
        return UNKNOWN
    try:
        decorator_node = ast.parse(node.value.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return UNKNOWN
    return annotated_value(run, decorator_node, module, depth + 1)


def instance_of(run: AbstractInterpreter, kind: AbstractValue, depth: int = 0) -> AbstractValue:
    """Return an instance of a class, of which nothing else is known."""
    if isinstance(kind, ClassObject):
        return _own_instance(run, kind, depth)
    if isinstance(kind, Constant) and kind.value is None:
        return NONE
    if not isinstance(kind, LibraryObject):
        return UNKNOWN
    name = run.operation("canonical", kind.name)
    if name in _SEQUENCES:
        return run.new_container(_builtin(name), Items((), UNKNOWN))
    if name in _MAPPINGS:
        return run.new_container(_builtin(name), Entries({}, UNKNOWN, UNKNOWN))
    if name in ("typing.Any", "builtins.object") or name.startswith(("typing.", "collections.abc.")):
        return Typed("builtins.str") if name == "typing.Text" else UNKNOWN
    return Typed(name) if run.operation("is known class", name) else UNKNOWN


def _builtin(name: str) -> str:
    last = name.rpartition(".")[2]
    return f"builtins.{_PLAIN.get(last, last)}" if name.startswith("typing.") else name


def _own_instance(run: AbstractInterpreter, cls: ClassObject, depth: int) -> AbstractValue:
    if depth > _DEEPEST:
        return UNKNOWN
    if cls.kind == "pydantic":
        return run.operation("model instance", cls, Arguments(), cls.node)  # type: ignore[no-any-return]  # an operation returns Any
    if cls.kind == "enum":
        return run.operation("any member", cls)  # type: ignore[no-any-return]  # as above
    if cls.kind == "typeddict":
        return run.new_container("builtins.dict", Entries({}, UNKNOWN, UNKNOWN))
    if cls.kind in ("plain", "dataclass", "namedtuple"):
        instance = run.new_instance(cls)
        run.set_content(instance, Entries({}, UNKNOWN, UNKNOWN))
        return instance
    return UNKNOWN


def _generic(run: AbstractInterpreter, node: ast.Subscript, module: Module, depth: int) -> AbstractValue:
    base = meaning(run, node.value, module)
    if isinstance(base, ClassObject):
        return _own_instance(run, base, depth)
    if not isinstance(base, LibraryObject):
        return UNKNOWN
    name = run.operation("canonical", base.name)
    elements = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]

    def inner(index: int) -> AbstractValue:
        return annotated_value(run, elements[index], module, depth + 1)

    if name in _FIRST_ARGUMENT:
        return inner(0)
    if name == "typing.Optional":
        return join([inner(0), NONE])
    if name == "typing.Union":
        return join(inner(index) for index in range(len(elements)))
    if name == "typing.Literal":
        return _literal(elements)
    return _tuple(elements, inner) if name in _TUPLES else _container(run, name, elements, inner)


def _container(
    run: AbstractInterpreter, name: str, elements: list[ast.expr], inner: Callable[[int], AbstractValue]
) -> AbstractValue:
    if name in _SEQUENCES:
        return run.new_container(_builtin(name), Items((), inner(0)))
    if name in _MAPPINGS and len(elements) > 1:
        return run.new_container(_builtin(name), Entries({}, inner(0), inner(1)))
    return UNKNOWN


def _literal(elements: list[ast.expr]) -> AbstractValue:
    constants = [element.value for element in elements if isinstance(element, ast.Constant)]
    return join(constant(value) for value in constants) if len(constants) == len(elements) else UNKNOWN


def _tuple(elements: list[ast.expr], inner: Callable[[int], AbstractValue]) -> AbstractValue:
    if len(elements) > 1 and isinstance(elements[-1], ast.Constant) and elements[-1].value is Ellipsis:
        return Typed("builtins.tuple", (inner(0),))
    return TupleValue(tuple(inner(index) for index in range(len(elements))))
