"""The parameters of a function of the truss, bound to the arguments of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.static.events import FailureKind
from truss_cli.static.values.values import (
    UNKNOWN,
    AbstractValue,
    Arguments,
    Entries,
    FunctionObject,
    TupleValue,
    Typed,
)

if TYPE_CHECKING:
    import ast

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter


def bind_arguments(
    run: AbstractInterpreter, function: FunctionObject, arguments: Arguments, node: ast.AST
) -> dict[str, AbstractValue]:
    """Return the values of a function's parameters. Raises RaisedError if the arguments do not fit."""
    parameters = function.node.args
    positional = [*parameters.posonlyargs, *parameters.args]
    only_positional = {parameter.arg for parameter in parameters.posonlyargs}
    names = [parameter.arg for parameter in positional]
    keyword_only = [parameter.arg for parameter in parameters.kwonlyargs]
    values: dict[str, AbstractValue] = dict(zip(names, arguments.positional, strict=False))
    extra = arguments.positional[len(names) :]
    if extra and parameters.vararg is None and not arguments.open:
        raise _does_not_fit(
            run, function, node, f"takes {_count(len(names))}, not {len(arguments.positional)}"
        )
    remainder: dict[str, AbstractValue] = {}
    for name, value in arguments.keywords:
        if name in values and name in names and not arguments.open:
            raise _does_not_fit(run, function, node, f"receives `{name}` twice")
        if name in keyword_only or (name in names and name not in only_positional):
            values[name] = value
        elif parameters.kwarg is not None:
            remainder[name] = value
        elif not arguments.open:
            raise _does_not_fit(run, function, node, f"has no parameter `{name}`")
    _fill_defaults(run, function, arguments, values, node)
    if parameters.vararg is not None:
        values[parameters.vararg.arg] = _star(extra, is_open=arguments.open)
    if parameters.kwarg is not None:
        key = Typed("builtins.str") if arguments.open else None
        content = Entries(dict(remainder), key, UNKNOWN if arguments.open else None)
        values[parameters.kwarg.arg] = run.new_container("builtins.dict", content)
    return values


def _star(extra: tuple[AbstractValue, ...], *, is_open: bool) -> AbstractValue:
    return Typed("builtins.tuple", (UNKNOWN,)) if is_open else TupleValue(extra)


def _fill_defaults(
    run: AbstractInterpreter,
    function: FunctionObject,
    arguments: Arguments,
    values: dict[str, AbstractValue],
    node: ast.AST,
) -> None:
    parameters = function.node.args
    every = [*parameters.posonlyargs, *parameters.args, *parameters.kwonlyargs]
    defaults = function.defaults or (None,) * len(every)
    for parameter, default in zip(every, defaults, strict=True):
        if parameter.arg in values:
            continue
        if default is not None and not arguments.open:
            values[parameter.arg] = default
        elif arguments.open or default is not None:
            values[parameter.arg] = UNKNOWN
        else:
            raise _does_not_fit(
                run, function, node, f"requires `{parameter.arg}`, which the call does not pass"
            )


def _does_not_fit(
    run: AbstractInterpreter, function: FunctionObject, node: ast.AST, reason: str
) -> Exception:
    message = f"`{function.name}` {reason}"
    help_text = f"Pass the arguments that `{function.name}` takes."
    return run.fail(FailureKind.ARGUMENTS, "TypeError", node, message, help_text)


def _count(number: int) -> str:
    return f"{number} positional argument" + ("" if number == 1 else "s")
