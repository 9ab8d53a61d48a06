"""Functions of asyncio, threading and concurrent.futures: the calls that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.static.interpreter.interpreter import RaisedError
from truss_cli.static.interpreter.iteration import await_value
from truss_cli.static.values.state import join_states
from truss_cli.static.values.values import (
    NONE,
    UNKNOWN,
    AbstractValue,
    Arguments,
    Items,
    Pending,
    TupleValue,
    Typed,
    Union,
    join,
)

if TYPE_CHECKING:
    import ast

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler


def _call_first(
    run: AbstractInterpreter, arguments: Arguments, node: ast.AST, skip: int = 0
) -> AbstractValue:
    """Return the result of the call that a function such as `to_thread` makes."""
    remainder = arguments.positional[skip:]
    if not remainder:
        return UNKNOWN
    return run.call(remainder[0], Arguments(remainder[1:], arguments.keywords, arguments.open), node)


def _coroutine(value: AbstractValue, origin: object) -> AbstractValue:
    return Typed("types.CoroutineType", (value,), origin)  # type: ignore[arg-type]  # an ValueOrigin


def _to_thread(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    return _coroutine(_call_first(run, arguments, node), run.origin(node))


def _run_in_executor(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    return Typed("asyncio.Future", (_call_first(run, arguments, node, skip=2),), run.origin(node))


def _submit(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    return Typed("concurrent.futures.Future", (_call_first(run, arguments, node, skip=1),), run.origin(node))


def _executor_map(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    function = arguments.positional[1] if len(arguments.positional) > 1 else UNKNOWN
    elements = [run.operation("items of", value, node).element() for value in arguments.positional[2:]]
    if None in elements:
        return Typed("types.GeneratorType", (), run.origin(node))
    return Typed(
        "types.GeneratorType", (run.call(function, Arguments(tuple(elements)), node),), run.origin(node)
    )


def _pool_map(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    mapped_value = _executor_map(run, arguments, node)
    element = (
        mapped_value.arguments[0] if isinstance(mapped_value, Typed) and mapped_value.arguments else None
    )
    return run.new_container("builtins.list", Items((), element), node)


def _result(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del run, node
    future = arguments.positional[0]
    return future.arguments[0] if isinstance(future, Typed) and future.arguments else UNKNOWN


def _awaited(run: AbstractInterpreter, value: AbstractValue, node: ast.AST) -> AbstractValue:
    return run.each(value, lambda member: await_value(run, member, node))


def _gather(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    results = [_awaited(run, value, node) for value in arguments.positional]
    if arguments.keyword("return_exceptions") is not None:
        results = [join([result, UNKNOWN]) for result in results]
    second = None
    if arguments.open and run.spread is not None:
        second = _awaited(run, run.spread, node)
    elif arguments.open:
        second = UNKNOWN
    content = Items(tuple(results), second)
    return Typed("asyncio.Future", (run.new_container("builtins.list", content, node),), run.origin(node))


def _create_task(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    first = arguments.positional[-1] if arguments.positional else UNKNOWN
    return Typed("asyncio.Task", (_awaited(run, first, node),), run.origin(node))


def _wait_for(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    first = arguments.positional[0] if arguments.positional else UNKNOWN
    return _coroutine(_awaited(run, first, node), run.origin(node))


def _run(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    first = arguments.positional[-1] if arguments.positional else UNKNOWN
    return _awaited(run, first, node)


def _as_completed(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    first = arguments.positional[0] if arguments.positional else UNKNOWN
    content: Items = run.operation("items of", first, node)
    element = content.element()
    return Typed("types.GeneratorType", (element,) if element is not None else (), run.origin(node))


def _thread(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    """Run the target of a thread as a possible effect: when it runs is not known."""
    target = arguments.keyword("target")
    call_arguments = arguments.keyword("args")
    if target is None:
        return Typed("threading.Thread", (), run.origin(node))
    positional = call_arguments.items if isinstance(call_arguments, TupleValue) else ()
    is_open = call_arguments is not None and not isinstance(call_arguments, TupleValue)
    possibly(run, target, Arguments(positional, (), is_open), node)
    return Typed("threading.Thread", (), run.origin(node))


def possibly(run: AbstractInterpreter, function: AbstractValue, arguments: Arguments, node: ast.AST) -> None:
    """Call a function that may run at any time: its effects are joined with the state without them."""
    base, mark, exits, count = run.state, run.counter, len(run.frame.exits), len(run.events)
    run.state = base.branch()
    run.state.sure = False
    try:
        result = run.call(function, arguments, node)
        if isinstance(result, Pending) and result.kind == "coroutine":
            await_value(run, result, node)
        states = [run.state, base.branch()]
    except RaisedError:
        states = [base.branch()]
    del run.frame.exits[exits:], run.events[count:]
    run.state = join_states(base, states, mark)


def _run_task_later(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    first = arguments.positional[0] if arguments.positional else UNKNOWN
    return Typed("concurrent.futures.Future", (_awaited(run, first, node),), run.origin(node))


def _put(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del node
    run.forget(*(value for value in arguments.positional[1:] if isinstance(value, Union)))
    return NONE


CONCURRENCY: dict[str, Handler] = {
    "asyncio.to_thread": _to_thread,
    "asyncio.gather": _gather,
    "asyncio.create_task": _create_task,
    "asyncio.ensure_future": _create_task,
    "asyncio.wait_for": _wait_for,
    "asyncio.shield": _wait_for,
    "asyncio.run": _run,
    "asyncio.as_completed": _as_completed,
    "asyncio.run_coroutine_threadsafe": _run_task_later,
    "anyio.to_thread.run_sync": _to_thread,
    "starlette.concurrency.run_in_threadpool": _to_thread,
    "fastapi.concurrency.run_in_threadpool": _to_thread,
    "concurrent.futures.as_completed": _as_completed,
    "threading.Thread": _thread,
    **{
        f"{loop}.run_in_executor": _run_in_executor
        for loop in ("asyncio.events.AbstractEventLoop", "asyncio.AbstractEventLoop")
    },
    **{
        f"{loop}.create_task": _create_task
        for loop in (
            "asyncio.events.AbstractEventLoop",
            "asyncio.AbstractEventLoop",
            "asyncio.TaskGroup",
            "asyncio.taskgroups.TaskGroup",
        )
    },
    **{
        f"{module}.{kind}.submit": _submit
        for kind in ("ThreadPoolExecutor", "ProcessPoolExecutor", "Executor")
        for module in (
            "concurrent.futures",
            "concurrent.futures.thread",
            "concurrent.futures.process",
            "concurrent.futures._base",
        )
    },
    **{
        f"{module}.{kind}.map": _executor_map
        for kind in ("ThreadPoolExecutor", "ProcessPoolExecutor", "Executor")
        for module in (
            "concurrent.futures",
            "concurrent.futures.thread",
            "concurrent.futures.process",
            "concurrent.futures._base",
        )
    },
    **{
        f"{name}.result": _result
        for name in (
            "concurrent.futures.Future",
            "concurrent.futures._base.Future",
            "asyncio.Future",
            "asyncio.Task",
            "asyncio.futures.Future",
            "asyncio.tasks.Task",
            "_asyncio.Future",
            "_asyncio.Task",
        )
    },
    **{f"multiprocessing.pool.{kind}.map": _pool_map for kind in ("Pool", "ThreadPool")},
}
