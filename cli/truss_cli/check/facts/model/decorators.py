"""What the decorators of methods are: well-known ones by name, the truss's own by what they return."""

import ast
from typing import NamedTuple

from truss_cli.static.names.symbols import External, Local, Module
from truss_cli.static.names.types import Types
from truss_cli.static.syntax.nodes import Function, is_generator, own_nodes

KEEPS_SHAPE = frozenset(
    {
        "abc.abstractmethod",
        "typing.final",
        "typing.no_type_check",
        "typing.override",
        "typing_extensions.final",
        "typing_extensions.override",
    }
)
"""Decorators that give back the very function."""
KEEPS_PARAMETERS = frozenset(
    {
        "functools.cache",
        "functools.lru_cache",
        "torch.autocast",
        "torch.cuda.amp.autocast",
        "torch.inference_mode",
        "torch.no_grad",
        "torch.set_grad_enabled",
    }
)
"""Decorators that wrap a function under its signature; a coroutine function may stop being one."""
RESULT_KEEPING = KEEPS_SHAPE | KEEPS_PARAMETERS | {"builtins.classmethod", "builtins.staticmethod"}

_SIGNATURE_KEEPING = frozenset({"functools.update_wrapper", "decorator.decorator", "wrapt.decorator"})

_NAMES = frozenset({"__doc__", "__module__", "__name__", "__qualname__"})


class Wrapper(NamedTuple):
    """The function that a decorator of the truss puts in place of the one it decorates."""

    module: Module
    node: Function
    keeps_signature: bool
    """Whether `inspect` still finds the signature of the decorated function, as `functools.wraps` has it."""
    decorated: frozenset[str]
    """The names by which it may know the decorated function."""


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
    decorated = frozenset(argument.arg for argument in maker.args.args)
    return Wrapper(symbol.module, wrapper, bool(wrapper.decorator_list), decorated)


def keeps_result(types: Types, module: Module, function: Function) -> bool:
    """Whether a function surely still gives what its own `return` statements give, under its decorators."""
    return all(_keeps_result(types, module, decorator) for decorator in function.decorator_list)


def _keeps_result(types: Types, module: Module, decorator: ast.expr) -> bool:
    if decorator_name(types, module, decorator) in RESULT_KEEPING:
        return True
    wrapper = own_wrapper(types, module, decorator)
    if wrapper is None or is_generator(wrapper.node):
        return False
    returned = [node.value for node in own_nodes(wrapper.node, ast.Return)]
    return bool(returned) and all(_is_decorated_call(wrapper, value) for value in returned)


def _is_decorated_call(wrapper: Wrapper, value: ast.expr | None) -> bool:
    """Whether a wrapper's expression is a call of the decorated function, or a variable bound once to one."""
    if isinstance(value, ast.Name):
        stores = [n for n in own_nodes(wrapper.node, ast.Name) if n.id == value.id and _is_store(n)]
        bound = [
            node.value
            for node in own_nodes(wrapper.node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and target.id == value.id
        ]
        uses = [n for n in own_nodes(wrapper.node, ast.Name) if n.id == value.id and not _is_store(n)]
        # A result that is used in any other way may be changed in place.
        return len(stores) == len(bound) == len(uses) == 1 and _is_decorated_call(wrapper, bound[0])
    called = value.value if isinstance(value, ast.Await) else value
    return (
        isinstance(called, ast.Call)
        and isinstance(called.func, ast.Name)
        and called.func.id in wrapper.decorated
    )


def _is_store(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


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
