"""What the decorators of methods are: well-known ones by name, the truss's own by what they return."""

import ast
from typing import NamedTuple

from truss_cli.check.python.nodes import Function, own_nodes
from truss_cli.check.python.symbols import External, Local, Module
from truss_cli.check.python.types import Types

_SIGNATURE_KEEPING = frozenset({"functools.update_wrapper", "decorator.decorator", "wrapt.decorator"})

_NAMES = frozenset({"__doc__", "__module__", "__name__", "__qualname__"})


class Wrapper(NamedTuple):
    """The function that a decorator of the truss puts in place of the one it decorates."""

    module: Module
    node: Function
    keeps_signature: bool
    """Whether `inspect` still finds the signature of the decorated function, as `functools.wraps` has it."""


def decorator_name(types: Types, module: Module, decorator: ast.expr) -> str:
    """Return the dotted name of a decorator from outside the truss; empty for one that is not known."""
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    symbol = types.symbols.expression(module, target)
    return symbol.name if isinstance(symbol, External) else ""


def own_wrapper(types: Types, module: Module, decorator: ast.expr) -> Wrapper | None:
    """Return what a decorator written in the truss always returns; None if that is not certain."""
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    symbol = types.symbols.expression(module, target)
    if not isinstance(symbol, Local) or not isinstance(symbol.node, ast.FunctionDef):
        return None
    maker: Function | None = symbol.node
    if symbol.node.decorator_list or _shows_another_signature(types, symbol.module, symbol.node):
        return None
    if isinstance(decorator, ast.Call):
        maker = _returned_function(symbol.node)
    wrapper = _returned_function(maker) if isinstance(maker, ast.FunctionDef) else None
    if wrapper is None or maker is None or maker.decorator_list not in ([], symbol.node.decorator_list):
        return None
    if any(not _is_wraps(types, symbol.module, one) for one in wrapper.decorator_list):
        return None
    return Wrapper(symbol.module, wrapper, keeps_signature=bool(wrapper.decorator_list))


def keeps_class(types: Types, module: Module, decorator: ast.expr) -> bool:
    """Whether a decorator written in the truss surely returns the class it is given, unchanged."""
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    symbol = types.symbols.expression(module, target)
    if not isinstance(symbol, Local) or not isinstance(symbol.node, ast.FunctionDef):
        return False
    maker: Function | None = symbol.node
    if isinstance(decorator, ast.Call):
        maker = _returned_function(symbol.node)
    if not isinstance(maker, ast.FunctionDef) or maker.decorator_list or len(maker.args.args) != 1:
        return False
    parameter = maker.args.args[0].arg
    returned = [node.value for node in own_nodes(maker, ast.Return)]
    always = isinstance(maker.body[-1], ast.Return)
    used = [node for node in ast.walk(maker) if isinstance(node, ast.Name) and node.id == parameter]
    harmless = {id(node) for statement in ast.walk(maker) for node in _only_kept(statement)}
    return always and all(node in used for node in returned) and all(id(node) in harmless for node in used)


def _only_kept(node: ast.AST) -> list[ast.expr | None]:
    """Return the operands of a node that it keeps or names, but cannot change."""
    if isinstance(node, ast.Return):
        return [node.value]
    if isinstance(node, ast.Assign) and all(isinstance(target, ast.Subscript) for target in node.targets):
        return [node.value]
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr in _NAMES:
        return [node.value]
    if isinstance(node, ast.Call):
        function = node.func
        keeps = isinstance(function, ast.Attribute) and function.attr in ("add", "append")
        return [*node.args] if keeps else []
    return []


def _returned_function(maker: ast.FunctionDef) -> Function | None:
    """Return the inner function that a function always returns, if it is bound once."""
    inner: list[Function] = [*own_nodes(maker, ast.FunctionDef), *own_nodes(maker, ast.AsyncFunctionDef)]
    returned = [node.value for node in own_nodes(maker, ast.Return)]
    names = {value.id if isinstance(value, ast.Name) else None for value in returned}
    found = [function for function in inner if function.name in names]
    return found[0] if len(found) == 1 and len(names) == 1 else None


def _shows_another_signature(types: Types, module: Module, maker: ast.FunctionDef) -> bool:
    for node in ast.walk(maker):
        if isinstance(node, ast.Attribute) and node.attr in ("__signature__", "__wrapped__"):
            return True
        if isinstance(node, ast.Call):
            symbol = types.symbols.expression(module, node.func)
            if isinstance(symbol, External) and symbol.name in _SIGNATURE_KEEPING:
                return True
    return False


def _is_wraps(types: Types, module: Module, decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and types.symbols.expression(module, decorator.func) == External(
        "functools.wraps"
    )
