"""The shape of a function, read from its source."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.model.decorators import KEEPS_PARAMETERS, KEEPS_SHAPE, decorator_name, own_wrapper
from truss_cli.contract.shape import (
    Form,
    Member,
    NoSelf,
    NotCallable,
    Parameter,
    ParameterKind,
    Shape,
    Unknowable,
)
from truss_cli.static.names.scopes import Scope
from truss_cli.static.names.symbols import External, Local, Module
from truss_cli.static.names.types import Types
from truss_cli.static.syntax.nodes import Function, FunctionLike, is_generator, own_nodes

_PARTIALS = ("functools.partial", "functools.partialmethod")
_PROPERTIES = ("builtins.property", "functools.cached_property")


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
        name = decorator_name(types, module, decorator)
        wrapper = own_wrapper(types, module, decorator)
        if name == "builtins.staticmethod":
            static = True
        elif name == "functools.singledispatchmethod":
            # `inspect` finds the signature of the function itself, `self` included.
            static, shape = True, Shape(shape.parameters, Form.UNKNOWN, shape.returns)
        elif name in _PROPERTIES and isinstance(function, ast.FunctionDef) and _never_callable(function):
            return NotCallable("a property whose value is not a function")
        elif name in KEEPS_PARAMETERS:
            streams = shape.form is Form.GENERATOR and name.startswith("torch.")
            kept = shape.form if shape.form is Form.SYNC or streams else Form.UNKNOWN
            shape = Shape(shape.parameters, kept, shape.returns)
        elif wrapper is not None and wrapper.keeps_signature:
            shape = Shape(shape.parameters, _wrapped_form(shape.form, wrapper.node), shape.returns)
        elif wrapper is not None:
            shape = shape_of(types, wrapper.module, wrapper.node)
        elif name not in KEEPS_SHAPE and name != "builtins.classmethod":
            return Unknowable()
    return shape if static else bound(shape)


def partial_member(types: Types, module: Module, scope: Scope, call: ast.Call) -> Member:
    """Return what `partial(f, ...)` or `partialmethod(f, ...)` in a class body makes of a function."""
    symbol = types.symbols.expression(module, call.func)
    kind = symbol.name if isinstance(symbol, External) else ""
    function = call.args[0] if call.args else None
    if (
        kind not in _PARTIALS
        or not isinstance(function, ast.Name)
        or any(k.arg is None for k in call.keywords)
    ):
        return Unknowable()
    candidates = scope.candidates(function.id)
    target = candidates[0].what if len(candidates) == 1 else None
    if not candidates:
        found = types.symbols.lookup(module, function.id)
        target, module = (found.node, found.module) if isinstance(found, Local) else (None, module)
    if not isinstance(target, ast.FunctionDef | ast.AsyncFunctionDef) or target.decorator_list:
        return Unknowable()
    shape = shape_of(types, module, target)
    member = bound(shape) if kind == "functools.partialmethod" else shape
    return _partially_applied(member, call) if isinstance(member, Shape) else member


def _partially_applied(shape: Shape, call: ast.Call) -> Member:
    """Drop what is given by position; what is given by keyword, and all after it, becomes keyword-only."""
    given = len(call.args) - 1
    if any(p.kind is ParameterKind.VAR_POSITIONAL for p in shape.parameters) or given > len(shape.parameters):
        return Unknowable()
    named = {keyword.arg for keyword in call.keywords}
    parameters: list[Parameter] = []
    by_keyword = False
    for parameter in shape.parameters[given:]:
        by_keyword = by_keyword or parameter.name in named
        kind = ParameterKind.KEYWORD_ONLY if by_keyword else parameter.kind
        default = parameter.has_default or parameter.name in named
        parameters.append(parameter._replace(kind=kind, has_default=default))
    return Shape(tuple(parameters), shape.form if shape.form is Form.SYNC else Form.UNKNOWN, shape.returns)


def _wrapped_form(form: Form, wrapper: Function) -> Form:
    """Return the form of a function under a wrapper that keeps its signature."""
    if form in (Form.SYNC, Form.COROUTINE) and form_of(wrapper) in (Form.SYNC, Form.COROUTINE):
        return form_of(wrapper)
    return Form.UNKNOWN


def _never_callable(function: ast.FunctionDef) -> bool:
    """Whether a property visibly gives no function, by its annotation or by what it returns."""
    if isinstance(function.returns, ast.Name) and function.returns.id in (
        "bool",
        "str",
        "int",
        "dict",
        "list",
    ):
        return True
    returned = [node.value for node in own_nodes(function, ast.Return)]
    plain = (ast.Constant, ast.Compare, ast.Dict, ast.List, ast.JoinedStr)
    return bool(returned) and all(
        isinstance(value, plain) or (isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not))
        for value in returned
    )


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
