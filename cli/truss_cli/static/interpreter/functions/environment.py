"""Reads of environment variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.static.events import VariableRead
from truss_cli.static.values.values import AbstractValue, Arguments, Constant, Typed

if TYPE_CHECKING:
    import ast

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler


def _read(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    key = arguments.positional[-1] if arguments.positional else None
    if isinstance(key, Constant) and isinstance(key.value, str):
        run.events.append(VariableRead(key.value, run.frame.module, node, run.phase, certain=run.state.sure))
    return Typed("builtins.str")


ENVIRONMENT: dict[str, Handler] = {"os._Environ.__getitem__": _read}
