"""Calls whose meaning depends on where they are written, and remarks about values."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from truss_cli.static.events import FailureKind, Remark
from truss_cli.static.interpreter.classes import class_attribute, is_subclass
from truss_cli.static.values.values import (
    UNKNOWN,
    AbstractValue,
    Arguments,
    ClassObject,
    Constant,
    Instance,
    LibraryObject,
    Pending,
    Super,
    Typed,
)

if TYPE_CHECKING:
    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Frame


def special_call(run: AbstractInterpreter, node: ast.Call) -> AbstractValue | None:
    """Return the result of `super()`; None for all other calls."""
    is_super = isinstance(node.func, ast.Name) and node.func.id == "super" and not node.keywords
    if is_super and "super" not in run.frame.module.scope.bindings:
        return _super(run, node)
    return None


def _super(run: AbstractInterpreter, node: ast.Call) -> AbstractValue:
    frame = _function_frame(run.frame)
    function = frame.function if frame else None
    if frame is None or function is None:
        return UNKNOWN
    owner: AbstractValue | None = function.owner
    if node.args:
        owner = run.evaluate(node.args[0])
    positional = [*function.node.args.posonlyargs, *function.node.args.args]
    receiver = run.state.read((frame.number, positional[0].arg)) if positional else None
    if len(node.args) > 1:
        receiver = run.evaluate(node.args[1])
    return Super(owner, receiver) if isinstance(owner, ClassObject) and receiver is not None else UNKNOWN


def _function_frame(frame: Frame) -> Frame | None:
    """Return the frame of the method around comprehensions and inner functions."""
    current: Frame | None = frame
    while current is not None and (current.function is None or current.function.owner is None):
        current = current.parent
    return current


def class_in_progress(run: AbstractInterpreter) -> ClassObject | None:
    """Return the class whose body is being executed."""
    return run.frame.class_object if run.frame.is_class else None


def discard(run: AbstractInterpreter, value: AbstractValue, node: ast.expr) -> None:
    """Remark on a value that an expression statement drops."""
    if isinstance(value, Typed) and value.name == "types.CoroutineType" and value.origin is None:
        message = "the call returns a coroutine that is never awaited, so that it does not run"
    elif isinstance(value, Pending) and value.kind == "coroutine":
        message = f"`{value.function.name}` is a coroutine that is never awaited, so that it does not run"
    elif _is_exception(run, value):
        message = "the exception is created, but not raised"
        run.events.append(Remark("not raised", run.frame.module, node, message, "Write `raise` before it."))
        return
    else:
        return
    run.events.append(
        Remark("not awaited", run.frame.module, node, message, "Write `await` before the call.")
    )


def _is_exception(run: AbstractInterpreter, value: AbstractValue) -> bool:
    """Return whether a value is a new instance of an exception class."""
    if isinstance(value, Typed) and value.origin is not None:
        return "builtins.Exception" in run.operation("mro", value.name)
    return isinstance(value, Instance) and is_subclass(run, value.cls, ("builtins.Exception",))


def tested(run: AbstractInterpreter, value: AbstractValue, node: ast.expr) -> None:
    """Remark on a test of a coroutine, which is always true."""
    is_coroutine = isinstance(value, Typed) and value.name == "types.CoroutineType"
    if is_coroutine or (isinstance(value, Pending) and value.kind == "coroutine"):
        message = "the coroutine is not awaited, so that the test always succeeds"
        run.events.append(
            Remark("not awaited", run.frame.module, node, message, "Write `await` before the call.")
        )


def subscripted(run: AbstractInterpreter, value: AbstractValue, node: ast.AST) -> None:
    """Remark on a subscript of the environment, which may be None."""
    if run.environment is not None and value == run.environment:
        message = "`environment` is None outside a named environment, and cannot be subscripted then"
        help_text = 'Check it first: `environment["name"] if environment else None`.'
        run.events.append(Remark("environment subscripted", run.frame.module, node, message, help_text))


def compared(run: AbstractInterpreter, way_out: AbstractValue, right: AbstractValue, node: ast.AST) -> None:
    """Remark on a comparison of the environment, a dict, with a string."""
    for item, second in ((way_out, right), (right, way_out)):
        is_text = isinstance(second, Constant) and isinstance(second.value, str)
        if is_text and run.environment is not None and item == run.environment:
            message = "`environment` is None or a dict, so that it never equals a string"
            help_text = 'Compare the name: `environment and environment["name"] == ...`.'
            run.events.append(Remark("environment compared", run.frame.module, node, message, help_text))


def patch(run: AbstractInterpreter, owner: AbstractValue, name: str | None) -> None:
    """Record a library that the truss patches."""
    if isinstance(owner, LibraryObject):
        run.patched.add(owner.name)
    del name


def check_frozen(run: AbstractInterpreter, owner: Instance, name: str, node: ast.AST) -> None:
    """Fail if an attribute of a frozen dataclass is assigned."""
    if owner.cls.kind != "dataclass":
        return
    for decorator in owner.cls.node.decorator_list:
        for keyword in getattr(decorator, "keywords", []):
            if keyword.arg == "frozen" and isinstance(keyword.value, ast.Constant) and keyword.value.value:
                message = f"`{owner.cls.node.name}` is frozen, so that `{name}` cannot be assigned"
                help_text = "Create a changed copy with `dataclasses.replace(...)`."
                raise run.fail(FailureKind.OPERATION, "AttributeError", node, message, help_text)


def is_plain_attribute(run: AbstractInterpreter, value: AbstractValue) -> bool:
    """Return whether setting the attribute on an instance hides the one of its class."""
    if isinstance(value, Instance):
        return class_attribute(run, value.cls, "__set__") is None
    return getattr(value, "kind", "") != "property"


def read_secret(run: AbstractInterpreter, key: AbstractValue, node: ast.AST) -> AbstractValue:
    """Return the value of a secret."""
    if isinstance(key, Constant) and isinstance(key.value, str):
        run.used_secrets.append((key.value, run.frame.module, node))
    return Typed("builtins.str")


def secrets_method(
    run: AbstractInterpreter, owner: AbstractValue, name: str, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    """Return the result of a method of the secrets."""
    del owner
    if name == "get" and arguments.positional:
        return read_secret(run, arguments.positional[0], node)
    return UNKNOWN
