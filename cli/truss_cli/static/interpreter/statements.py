"""Execution of simple statements and definitions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from truss_cli.static.interpreter.expressions import default_values
from truss_cli.static.interpreter.interpreter import RaisedError
from truss_cli.static.interpreter.narrowing import assume, decide
from truss_cli.static.interpreter.operators import operator_of
from truss_cli.static.interpreter.targets import assign, delete
from truss_cli.static.values.values import (
    NONE,
    UNKNOWN,
    AbstractValue,
    Arguments,
    ClassObject,
    FunctionObject,
    Instance,
    LibraryObject,
    Typed,
)

if TYPE_CHECKING:
    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler


def _expression(run: AbstractInterpreter, node: ast.Expr) -> None:
    value = run.evaluate(node.value)
    run.operation("discard", value, node.value)


def _assign(run: AbstractInterpreter, node: ast.Assign) -> None:
    value = run.evaluate(node.value)
    for target in node.targets:
        assign(run, target, value)


def _annotated(run: AbstractInterpreter, node: ast.AnnAssign) -> None:
    if node.value is not None:
        assign(run, node.target, run.evaluate(node.value))


def _augmented(run: AbstractInterpreter, node: ast.AugAssign) -> None:
    target = node.target
    read = ast.copy_location(_as_read(target), target)
    before, operand = run.evaluate(read), run.evaluate(node.value)
    value: AbstractValue = run.operation("binary", operator_of(node.op, in_place=True), before, operand, node)
    assign(run, target, value)


def _as_read(target: ast.Name | ast.Attribute | ast.Subscript) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    if isinstance(target, ast.Attribute):
        return ast.Attribute(target.value, target.attr, ast.Load())
    return ast.Subscript(target.value, target.slice, ast.Load())


def _return(run: AbstractInterpreter, node: ast.Return) -> bool:
    value = run.evaluate(node.value) if node.value else NONE
    run.leave("return", node, value)
    return False


def _raise(run: AbstractInterpreter, node: ast.Raise) -> bool:
    value = run.evaluate(node.exc) if node.exc else UNKNOWN
    run.leave("raise", node, value, RaisedError(_exception_name(value), value=value))
    return False


def _exception_name(value: AbstractValue) -> str:
    if isinstance(value, LibraryObject | Typed):
        return value.name
    if isinstance(value, ClassObject):
        return value.node.name
    return value.cls.node.name if isinstance(value, Instance) else "?"


def _break(run: AbstractInterpreter, node: ast.Break) -> bool:
    run.leave("break", node)
    return False


def _continue(run: AbstractInterpreter, node: ast.Continue) -> bool:
    run.leave("continue", node)
    return False


def _delete(run: AbstractInterpreter, node: ast.Delete) -> None:
    for target in node.targets:
        delete(run, target)


def _assert(run: AbstractInterpreter, node: ast.Assert) -> bool:
    outcome = decide(run, node.test)
    if outcome is False:
        run.leave("raise", node, error=RaisedError("builtins.AssertionError"))
        return False
    if outcome is None:
        assume(run, node.test, outcome=True)
    return True


def _function(run: AbstractInterpreter, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    run.frame.scope.captured = True
    owner = run.operation("class in progress")
    enclosing = run.frame.parent if run.frame.is_class else run.frame
    number = enclosing.number if enclosing and (enclosing.function or enclosing.parent) else 0
    decorators = [run.evaluate(decorator) for decorator in node.decorator_list]
    value: AbstractValue = FunctionObject(
        node, run.frame.module, run.number(), default_values(run, node.args), number, owner
    )
    for decorator, decorator_node in zip(reversed(decorators), reversed(node.decorator_list), strict=True):
        value = run.call(decorator, Arguments((value,)), decorator_node)
    assign(run, ast.Name(node.name, ast.Store()), value)


def _class(run: AbstractInterpreter, node: ast.ClassDef) -> None:
    decorators = [run.evaluate(decorator) for decorator in node.decorator_list]
    value: AbstractValue = run.operation("define class", node, decorators)
    for decorator, decorator_node in zip(reversed(decorators), reversed(node.decorator_list), strict=True):
        value = run.call(decorator, Arguments((value,)), decorator_node)
    assign(run, ast.Name(node.name, ast.Store()), value)


def _type_alias(run: AbstractInterpreter, node: ast.stmt) -> None:
    name = getattr(node, "name", None)
    if isinstance(name, ast.Name):
        assign(run, name, UNKNOWN)


STATEMENTS: dict[type, Handler] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Delete: _delete,
    ast.Assert: _assert,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    **({ast.TypeAlias: _type_alias} if hasattr(ast, "TypeAlias") else {}),
}
