"""Iteration over values, awaiting them, and entering them as context managers."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from truss_cli.static.events import FailureKind
from truss_cli.static.interpreter.calls import run_function, run_generator
from truss_cli.static.interpreter.interpreter import RaisedError
from truss_cli.static.interpreter.library import class_member, described_type
from truss_cli.static.values.values import (
    JSON,
    UNKNOWN,
    AbstractValue,
    Arguments,
    ClassObject,
    Constant,
    Container,
    Entries,
    Instance,
    Items,
    Json,
    Pending,
    TupleValue,
    Typed,
    Union,
    constant,
    is_none,
    join,
)

if TYPE_CHECKING:
    from truss_cli.static.interpreter.interpreter import AbstractInterpreter

ITERATORS = frozenset(
    {
        "builtins.map",
        "builtins.filter",
        "builtins.zip",
        "builtins.enumerate",
        "builtins.reversed",
        "builtins.range",
        "collections.abc.KeysView",
        "collections.abc.ValuesView",
        "collections.abc.ItemsView",
        "types.GeneratorType",
        "types.AsyncGeneratorType",
        "builtins.tuple",
        "numpy.ndarray",
    }
)
"""Types whose first argument is that of their elements."""
_NEVER_AWAITABLE = (Constant, Container, TupleValue)


def items_of(run: AbstractInterpreter, value: AbstractValue, node: ast.AST) -> Items:
    """Return the elements of an iteration over a value."""
    if isinstance(value, Union):
        parts = _items_of_members(run, value, node)
        elements = [element for part in parts for element in [part.element()] if element is not None]
        return Items((), join(elements)) if elements else Items()
    if isinstance(value, TupleValue):
        return Items(value.items)
    if isinstance(value, Container):
        content = run.content(value)
        return content if isinstance(content, Items) else Items((), _keys(content))
    if isinstance(value, Constant) and isinstance(value.value, str):
        return Items((), Typed("builtins.str")) if value.value else Items()
    if isinstance(value, Json):
        return Items((), JSON)
    if isinstance(value, Pending):
        return run_generator(run, value, node) if "generator" in value.kind else Items((), UNKNOWN)
    if isinstance(value, Typed):
        return _typed_items(run, value)
    return _other_items(run, value, node)


def _items_of_members(run: AbstractInterpreter, value: Union, node: ast.AST) -> list[Items]:
    """Return the elements of each member that can be iterated. Raises RaisedError if none can."""
    parts: list[Items] = []
    errors: list[RaisedError] = []
    for member in value.members:
        try:
            parts.append(items_of(run, member, node))
        except RaisedError as error:
            errors.append(error)
    if not parts:
        raise errors[0]
    return parts


def _keys(content: Entries) -> AbstractValue | None:
    keys: list[AbstractValue] = [_as_key(key) for key in content.known]
    if len(keys) > 1 and all(isinstance(key, str) for key in content.known):
        keys = [Typed("builtins.str")]
    every = [*keys, *([content.key] if content.key else [])]
    return join(every) if every else None


def _as_key(key: object) -> AbstractValue:
    """Return the value of a key that is known."""
    if isinstance(key, AbstractValue):
        return key
    return constant(key) if isinstance(key, str | int | float | bool | bytes) else UNKNOWN


def _typed_items(run: AbstractInterpreter, value: Typed) -> Items:
    if value.name in ITERATORS:
        return Items((), value.arguments[0] if value.arguments else UNKNOWN)
    if value.arguments and value.name.startswith(("typing.", "collections.abc.", "itertools.")):
        return Items((), value.arguments[0])
    if value.name in AWAITABLE:
        return Items((), UNKNOWN)
    for name in ("__next__", "__iter__", "__anext__", "__aiter__"):
        member = class_member(run, described_type(value), name)
        if member is None or not member.signatures:
            continue
        result = run.operation("call signatures", member.signatures, value)
        if name.endswith("next__"):
            inner = (
                result.arguments[0]
                if isinstance(result, Typed) and "a" in name[2:3] and result.arguments
                else result
            )
            return Items((), inner)
        if isinstance(result, Typed) and result.arguments:
            return Items((), result.arguments[0])
    return Items((), UNKNOWN)


def _other_items(run: AbstractInterpreter, value: AbstractValue, node: ast.AST) -> Items:
    if is_none(value):
        raise run.fail(
            FailureKind.NONE,
            "TypeError",
            node,
            "None cannot be iterated",
            "Set the value before it is used.",
        )
    if isinstance(value, Instance):
        return _instance_items(run, value, node)
    if isinstance(value, ClassObject) and value.kind == "enum":
        return Items((), run.operation("any member", value))
    return Items((), UNKNOWN)


def _instance_items(run: AbstractInterpreter, value: Instance, node: ast.AST) -> Items:
    if value.cls.kind == "namedtuple":
        return Items(tuple(run.entries(value).known.values()))
    for name in ("__iter__", "__aiter__"):
        method = run.operation("class attribute", value.cls, name)
        if method is None:
            continue
        result = run.call(method, Arguments((value,)), node)
        if isinstance(result, Instance):
            following = run.operation("class attribute", result.cls, name.replace("iter", "next"))
            if following is None:
                return Items((), UNKNOWN)
            element = run.call(following, Arguments((result,)), node)
            return Items((), await_value(run, element, node) if name == "__aiter__" else element)
        return items_of(run, result, node)
    method = run.operation("class attribute", value.cls, "__getitem__")
    if method is not None:
        return Items((), run.call(method, Arguments((value, Typed("builtins.int"))), node))
    return Items((), UNKNOWN)


def await_value(run: AbstractInterpreter, value: AbstractValue, node: ast.AST) -> AbstractValue:
    """Return the result of awaiting a value."""
    if isinstance(value, Pending) and value.kind == "coroutine":
        return run_function(run, value.function, value.arguments, node)
    if isinstance(value, Typed) and value.arguments and value.name in AWAITABLE:
        return value.arguments[0]
    if isinstance(value, Instance):
        return UNKNOWN
    if isinstance(value, _NEVER_AWAITABLE):
        label = described_type(value).rpartition(".")[2]
        label = "None" if is_none(value) else f"a `{label}`"
        raise run.fail(
            FailureKind.OPERATION, "TypeError", node, f"{label} cannot be awaited", "Remove the `await`."
        )
    return UNKNOWN


AWAITABLE = frozenset(
    {
        "types.CoroutineType",
        "asyncio.Future",
        "asyncio.Task",
        "asyncio.futures.Future",
        "asyncio.tasks.Task",
        "_asyncio.Future",
        "_asyncio.Task",
    }
)


def enter(run: AbstractInterpreter, manager: AbstractValue, node: ast.AST) -> AbstractValue:
    """Return the value that `with` binds."""
    if isinstance(manager, Pending) and manager.kind in ("context", "generator", "async generator"):
        if not run.scope(manager.function.node).yields:
            message = f"`{manager.function.name}` is decorated as a context manager, but never yields"
            help_text = "Add a `yield` where the body of `with` is to run."
            raise run.fail(FailureKind.OPERATION, "TypeError", node, message, help_text)
        return run_generator(run, manager, node).element() or UNKNOWN
    if isinstance(manager, Instance):
        for name in ("__enter__", "__aenter__"):
            method = run.operation("class attribute", manager.cls, name)
            if method is not None:
                entered_value = run.call(method, Arguments((manager,)), node)
                return await_value(run, entered_value, node) if name == "__aenter__" else entered_value
        return UNKNOWN
    if isinstance(manager, Typed):
        for name in ("__enter__", "__aenter__"):
            member = class_member(run, manager.name, name)
            if member is not None and member.signatures:
                result: AbstractValue = run.operation("call signatures", member.signatures, manager)
                return await_value(run, result, node) if name == "__aenter__" else result
    return UNKNOWN


def suppresses(run: AbstractInterpreter, manager: AbstractValue) -> bool:
    """Return whether a context manager may swallow an exception."""
    if isinstance(manager, Instance):
        return (
            run.operation("class attribute", manager.cls, "__exit__") is None
            or _exit_returns(run, manager)
            or bool(run.operation("is open", manager.cls))
        )
    if isinstance(manager, Pending):
        return True
    class_name = described_type(manager)
    return not class_name.startswith(
        ("_io", "io.", "threading", "_thread", "tempfile", "concurrent", "socket", "asyncio")
    )


def _exit_returns(run: AbstractInterpreter, manager: Instance) -> bool:
    """Return whether `__exit__` may return something true."""
    method = run.operation("class attribute", manager.cls, "__exit__")
    node = getattr(method, "node", None)
    if node is None:
        return True
    return any(isinstance(inner, ast.Return) and inner.value is not None for inner in ast.walk(node))
