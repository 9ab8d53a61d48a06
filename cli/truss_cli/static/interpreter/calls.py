"""Calls of functions, methods, classes and partials."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from truss_cli.static.interpreter.binding import bind_arguments
from truss_cli.static.interpreter.interpreter import Frame, RaisedError
from truss_cli.static.values.state import State, join_states
from truss_cli.static.values.values import (
    NONE,
    UNKNOWN,
    AbstractValue,
    Arguments,
    BoundMethod,
    ClassObject,
    Descriptor,
    FunctionObject,
    Instance,
    Items,
    Json,
    LibraryMethod,
    LibraryObject,
    Partial,
    Pending,
    join,
)

if TYPE_CHECKING:
    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Exit, Handler


def _function(
    run: AbstractInterpreter, function: FunctionObject, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    kind = form_of(run, function)
    if kind is not None:
        return Pending(kind, function, arguments, run.origin(node))
    return run_function(run, function, arguments, node)


def form_of(run: AbstractInterpreter, function: FunctionObject) -> str | None:
    """Return the kind of object that a call of a function creates; None if the call runs it."""
    is_async = isinstance(function.node, ast.AsyncFunctionDef)
    if run.scope(function.node).yields:
        return "async generator" if is_async else "generator"
    return "coroutine" if is_async else None


def run_function(
    run: AbstractInterpreter, function: FunctionObject, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    """Run the body of a function; return the join of the values it returns.

    Raises RaisedError if every way through it raises.
    """
    values = bind_arguments(run, function, arguments, node)
    if not run.may_enter(function.node):
        run.forget(*arguments.values())
        return UNKNOWN
    return run_frame(run, function, values)[1]


def run_frame(
    run: AbstractInterpreter, function: FunctionObject, values: dict[str, AbstractValue]
) -> tuple[Frame, AbstractValue]:
    """Run a body with the values of its parameters; return its frame, and the join of the results."""
    frame = _enter(run, function, values)
    base, mark = run.state, run.counter
    run.state = base.branch()
    run.active.append(function.node)
    try:
        with run.inside(frame):
            _run_body(run, function)
    finally:
        run.active.pop()
    return frame, _finish(run, frame, base, mark)


def _enter(run: AbstractInterpreter, function: FunctionObject, values: dict[str, AbstractValue]) -> Frame:
    parent = run.frames.get(function.frame) if function.frame else None
    frame = Frame(run.number(), function.module, run.scope(function.node), parent, function)
    frame.parameters = values
    run.frames[frame.number] = frame
    return frame


def _run_body(run: AbstractInterpreter, function: FunctionObject) -> None:
    """Run the body in the frame that was entered."""
    frame = run.frame
    for name, value in frame.parameters.items():
        run.state.write((frame.number, name), value)
    body = function.node.body
    if isinstance(body, list):
        if run.execute(body):
            run.leave("return", function.node, NONE)
        return
    try:
        run.leave("return", body, run.evaluate(body))
    except RaisedError as error:
        run.leave("raise", body, error=error)


def _finish(run: AbstractInterpreter, frame: Frame, base: State, mark: int) -> AbstractValue:
    """Join the ways out of a frame, and pass on the exceptions that may leave it."""
    returns = [way_out for way_out in frame.exits if way_out.kind == "return"]
    raises = [way_out for way_out in frame.exits if way_out.kind == "raise"]
    if not returns:
        run.state = base
        raise next((way_out.error for way_out in _failures_first(raises) if way_out.error), RaisedError("?"))
    run.frame.exits += raises
    sure = base.sure and (len(returns) > 1 or returns[0].state.sure or bool(raises))
    run.state = join_states(base, [way_out.state for way_out in returns], mark)
    run.state.sure = sure
    if not frame.scope.captured:
        for name in frame.scope.bound:
            run.state.values.pop((frame.number, name), None)
    return join(way_out.value for way_out in returns)


def _failures_first(exits: list[Exit]) -> list[Exit]:
    return sorted(exits, key=lambda way_out: way_out.error is None or way_out.error.failure is None)


def run_generator(run: AbstractInterpreter, pending: Pending, node: ast.AST) -> Items:
    """Run the body of a generator; return the yielded values."""
    function = pending.function
    values = bind_arguments(run, function, pending.arguments, node)
    if not run.may_enter(function.node):
        run.forget(*pending.arguments.values())
        return Items((), UNKNOWN)
    frame = _enter(run, function, values)
    base, mark = run.state, run.counter
    run.state = base.branch()
    run.active.append(function.node)
    try:
        with run.inside(frame):
            _run_body(run, function)
    finally:
        run.active.pop()
    chunks = list(frame.yielded)
    run.generated[id(pending)] = chunks
    states = [way_out.state for way_out in frame.exits if way_out.kind == "return"]
    run.frame.exits += [way_out for way_out in frame.exits if way_out.kind == "raise"]
    run.state = join_states(base, states, mark) if states else base
    run.state.sure = base.sure
    return Items((), join(value for value, *_ in chunks)) if chunks else Items()


def _bound(
    run: AbstractInterpreter, method: BoundMethod, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    call_arguments = Arguments((method.receiver, *arguments.positional), arguments.keywords, arguments.open)
    return run.call(method.function, call_arguments, node)


def _partial(
    run: AbstractInterpreter, partial: Partial, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    before = partial.arguments
    keywords = {**dict(before.keywords), **dict(arguments.keywords)}
    call_arguments = Arguments(
        (*before.positional, *arguments.positional),
        tuple(keywords.items()),
        before.open or arguments.open,
    )
    return run.call(partial.function, call_arguments, node)


def _descriptor(
    run: AbstractInterpreter, value: Descriptor, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    if value.kind == "context" and isinstance(value.function, FunctionObject):
        return Pending("context", value.function, arguments, run.origin(node))
    if value.kind in ("classmethod", "property", "cached_property"):
        return UNKNOWN
    if value.kind in ("setter", "dataclass", "wraps", "identity"):
        return run.operation("decorate", value, arguments, node)  # type: ignore[no-any-return]  # an operation returns Any
    return run.call(value.function, arguments, node)


def _class(run: AbstractInterpreter, cls: ClassObject, arguments: Arguments, node: ast.AST) -> AbstractValue:
    result: AbstractValue = run.operation("construct", cls, arguments, node)
    return result


def _instance(
    run: AbstractInterpreter, value: Instance, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    function = run.operation("class attribute", value.cls, "__call__")
    if function is None:
        run.forget(*arguments.values())
        return UNKNOWN
    call_arguments = Arguments((value, *arguments.positional), arguments.keywords, arguments.open)
    return run.call(function, call_arguments, node)


def _library(
    run: AbstractInterpreter, value: LibraryObject, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    result: AbstractValue = run.operation("call library", value.name, arguments, node)
    return result


def _library_method(
    run: AbstractInterpreter, value: LibraryMethod, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    result: AbstractValue = run.operation("call library method", value, arguments, node)
    return result


def _json(run: AbstractInterpreter, value: Json, arguments: Arguments, node: ast.AST) -> AbstractValue:
    return UNKNOWN


CALLS: dict[type, Handler] = {
    FunctionObject: _function,
    BoundMethod: _bound,
    Partial: _partial,
    Descriptor: _descriptor,
    ClassObject: _class,
    Instance: _instance,
    LibraryObject: _library,
    LibraryMethod: _library_method,
    Json: _json,
}
