"""The shape of a function, read from its source."""

import ast
from collections.abc import Iterator

from truss_cli.check.python.nodes import Function, FunctionLike, is_generator, own_nodes
from truss_cli.check.python.symbols import External, Local, Module, Symbol
from truss_cli.check.python.types import Types
from truss_cli.contract.shape import Form, Member, NoSelf, Parameter, ParameterKind, Shape, Unknowable

_KEEPS_SHAPE = frozenset(
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
_KEEPS_PARAMETERS = frozenset(
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


def form_of(function: FunctionLike) -> Form:
    """Return what calling an undecorated function gives."""
    yields = is_generator(function)
    if isinstance(function, ast.AsyncFunctionDef):
        return Form.ASYNC_GENERATOR if yields else Form.COROUTINE
    return Form.GENERATOR if yields else Form.SYNC


def shape_of(types: Types, module: Module, function: FunctionLike) -> Shape:
    """Return the shape of a function as it is written, its first parameter included."""
    returns = None if isinstance(function, ast.Lambda) else types.annotation(module, function.returns)
    return Shape(tuple(_parameters(types, module, function.args)), form_of(function), returns)


def member_of(types: Types, module: Module, function: FunctionLike) -> Member:
    """Return a function in a class body as a member of its instances, decorators applied."""
    shape = shape_of(types, module, function)
    decorators = [] if isinstance(function, ast.Lambda) else function.decorator_list
    static = False
    for decorator in reversed(decorators):
        name = _decorator_name(types, module, decorator)
        if name == "builtins.staticmethod":
            static = True
        elif name in _KEEPS_PARAMETERS:
            streams = shape.form is Form.GENERATOR and name.startswith("torch.")
            kept = shape.form if shape.form is Form.SYNC or streams else Form.UNKNOWN
            shape = Shape(shape.parameters, kept, shape.returns)
        elif name == "own.wraps":
            shape = Shape(shape.parameters, Form.UNKNOWN, shape.returns)
        elif name not in _KEEPS_SHAPE and name != "builtins.classmethod":
            return Unknowable()
    return shape if static else bound(shape)


def bound(shape: Shape) -> Member:
    """Return a function's shape as its instance's method: without the first parameter."""
    first = shape.parameters[0].kind if shape.parameters else None
    if first is ParameterKind.VAR_POSITIONAL:
        return shape
    if first in (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD):
        return Shape(shape.parameters[1:], shape.form, shape.returns)
    return NoSelf()


def _parameters(types: Types, module: Module, arguments: ast.arguments) -> Iterator[Parameter]:
    positional = [*arguments.posonlyargs, *arguments.args]
    without_default = len(positional) - len(arguments.defaults)
    for index, argument in enumerate(positional):
        only = index < len(arguments.posonlyargs)
        kind = ParameterKind.POSITIONAL_ONLY if only else ParameterKind.POSITIONAL_OR_KEYWORD
        yield _parameter(types, module, argument, kind, has_default=index >= without_default)
    if arguments.vararg:
        yield _parameter(types, module, arguments.vararg, ParameterKind.VAR_POSITIONAL)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        kind = ParameterKind.KEYWORD_ONLY
        yield _parameter(types, module, argument, kind, has_default=default is not None)
    if arguments.kwarg:
        yield _parameter(types, module, arguments.kwarg, ParameterKind.VAR_KEYWORD)


def _parameter(
    types: Types, module: Module, argument: ast.arg, kind: ParameterKind, *, has_default: bool = False
) -> Parameter:
    return Parameter(argument.arg, kind, has_default, types.annotation(module, argument.annotation))


def _decorator_name(types: Types, module: Module, decorator: ast.expr) -> str:
    """Return the dotted name of a decorator; `own.wraps` for one of the truss that uses `functools.wraps`."""
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    symbol = types.symbols.expression(module, target)
    if isinstance(symbol, External):
        return symbol.name
    return "own.wraps" if target is decorator and _uses_wraps(types, symbol) else "?"


def _uses_wraps(types: Types, symbol: Symbol | None) -> bool:
    """Whether a decorator of the truss returns an inner function that `functools.wraps` decorates."""
    if not isinstance(symbol, Local) or not isinstance(symbol.node, ast.FunctionDef):
        return False
    attributes = own_nodes(symbol.node, ast.Attribute)
    if any(node.attr in ("__signature__", "__wrapped__") for node in attributes):
        return False  # it may show another signature
    inner: list[Function] = [
        *own_nodes(symbol.node, ast.FunctionDef),
        *own_nodes(symbol.node, ast.AsyncFunctionDef),
    ]
    wrappers = {
        node.name
        for node in inner
        if any(_is_wraps(types, symbol.module, decorator) for decorator in node.decorator_list)
    }
    returned = [node.value for node in own_nodes(symbol.node, ast.Return)]
    return bool(returned) and all(isinstance(value, ast.Name) and value.id in wrappers for value in returned)


def _is_wraps(types: Types, module: Module, decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and types.symbols.expression(module, decorator.func) == External(
        "functools.wraps"
    )
