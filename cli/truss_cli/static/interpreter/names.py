"""Reading, binding and deleting names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.static.events import FailureKind
from truss_cli.static.names.scopes import puts_into_builtins
from truss_cli.static.values.values import (
    UNBOUND,
    UNKNOWN,
    AbstractValue,
    without_unbound,
)

if TYPE_CHECKING:
    import ast

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Frame

_MODULE_NAMES = frozenset(
    {"__file__", "__name__", "__doc__", "__package__", "__spec__", "__loader__", "__builtins__", "__path__"}
)
_CLASS_NAMES = frozenset({"__class__", "__module__", "__qualname__", "__annotations__"})


def read_name(run: AbstractInterpreter, node: ast.Name) -> AbstractValue:
    """Return the value of a name."""
    frame = owner_of(run.frame, node.id)
    if frame is not None:
        value = run.state.read((frame.number, node.id))
        if value is None or value is UNBOUND:
            if frame.is_class:
                return _read_global(run, node)
            if frame is not run.frame:
                return UNKNOWN  # the function around may not have come that far
            message = f"`{node.id}` is read before it is set"
            raise run.fail(
                FailureKind.NAME,
                "UnboundLocalError",
                node,
                message,
                f"Set `{node.id}` on every path before it.",
            )
        return without_unbound(value) or UNKNOWN
    return _read_global(run, node)


def owner_of(frame: Frame, name: str) -> Frame | None:
    """Return the frame that binds a name; None if it is a global or builtin."""
    current: Frame | None = frame
    while current is not None:
        if current.scope.elsewhere.get(name) == "global":
            return None
        if name in current.scope.bound and (not current.is_class or current is frame):
            return current
        current = current.parent
    return None


def _read_global(run: AbstractInterpreter, node: ast.Name) -> AbstractValue:
    name, module = node.id, run.modules[run.frame.module.name]
    value = run.state.read((module.reference, name))
    if value is not None and value is not UNBOUND:
        return without_unbound(value) or UNKNOWN
    builtin = run.builtin(name)
    if builtin is not None:
        return builtin
    if name in _MODULE_NAMES or name in _CLASS_NAMES or _may_be_bound_unseen(run, name):
        return UNKNOWN
    return _fail(run, node)


def _may_be_bound_unseen(run: AbstractInterpreter, name: str) -> bool:
    """Return whether code that is not followed may bind a global name."""
    module = run.frame.module
    if module.scope.open or run.phase_is_cut:
        return True
    stars = [run.symbols.absolute(module, star) or "" for star in module.scope.star_imports]
    if any(star not in run.modules for star in stars):
        return True
    files = [item.file for item in (module, *run.symbols.loaded())]
    return any(
        file.tree is not None and "builtins" in file.source.text and puts_into_builtins(file.tree, name)
        for file in files
    )


def _fail(run: AbstractInterpreter, node: ast.Name) -> AbstractValue:
    message = f"`{node.id}` is not defined"
    raise run.fail(FailureKind.NAME, "NameError", node, message, f"Import or define `{node.id}`.")


def bind_name(run: AbstractInterpreter, name: str, value: AbstractValue) -> None:
    """Bind a name in the frame, or where `global` and `nonlocal` say."""
    frame = owner_of(run.frame, name)
    if frame is not None:
        run.state.write((frame.number, name), value)
    else:
        run.state.write((run.modules[run.frame.module.name].reference, name), value)
