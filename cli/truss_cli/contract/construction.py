"""What `__init__` may ask for, and how `load` is called."""

from collections.abc import Iterator

from truss_cli.contract.shape import Form, Member, NoSelf, Parameter, ParameterKind, Shape
from truss_cli.contract.terms import INIT_ARGUMENTS, TRT_LLM_ARGUMENT, Breach, Kind


def init_breaches(init: Member, *, trt_llm: bool) -> Iterator[Breach]:
    """Yield the breaches of `__init__`, which is called with keywords alone."""
    if isinstance(init, NoSelf):
        yield no_self("__init__")
    if not isinstance(init, Shape):
        return
    if init.form not in (Form.SYNC, Form.UNKNOWN):
        message = "`__init__` is a coroutine or a generator; Python only lets it return None"
        yield Breach(Kind.INIT_RETURNS, "__init__", message, "Write a plain `def __init__(self, ...)`.")
    given = (*INIT_ARGUMENTS, TRT_LLM_ARGUMENT) if trt_llm else tuple(INIT_ARGUMENTS)
    takes_any = any(parameter.kind is ParameterKind.VAR_KEYWORD for parameter in init.parameters)
    for parameter in init.parameters:
        if parameter.kind is ParameterKind.POSITIONAL_ONLY:
            if parameter.required or (parameter.name in given and not takes_any):
                yield _positional_only(parameter)
        elif parameter.required and parameter.name not in given:
            yield _not_given(parameter)


def load_breaches(name: str, shape: Shape) -> Iterator[Breach]:
    """Yield the breaches of `load`, which is called without arguments and never awaited."""
    for parameter in shape.parameters:
        if parameter.required:
            message = f"`load` requires `{parameter.name}`; the server calls it without arguments"
            help_text = f"Keep it on `self` in `__init__`, or give `{parameter.name}` a default."
            yield Breach(Kind.LOAD_ARGUMENTS, name, message, help_text, parameter.name)
    if shape.form not in (Form.SYNC, Form.UNKNOWN):
        what = "a coroutine, never awaited" if shape.form is Form.COROUTINE else "a generator, never iterated"
        message = f"`load` is {what} by the server: the model serves unloaded"
        yield Breach(Kind.LOAD_NOT_RUN, name, message, "Write a plain `def load(self)`.")


def no_self(method: str) -> Breach:
    """Return the breach of a method that lacks its first parameter."""
    help_text = f"Write `def {method}(self, ...)`, or make it a static method."
    return Breach(Kind.NO_SELF, method, f"`{method}` has no `self` parameter", help_text)


def _positional_only(parameter: Parameter) -> Breach:
    message = f"`__init__` takes `{parameter.name}` by position only; the server passes keywords"
    help_text = "Remove the `/` from the parameters."
    return Breach(Kind.INIT_POSITIONAL_ONLY, "__init__", message, help_text, parameter.name)


def _not_given(parameter: Parameter) -> Breach:
    name = parameter.name
    if name == TRT_LLM_ARGUMENT:
        help_text = f"Add a `{name}` section to config.yaml, or give `{name}` a default."
    else:
        known = ", ".join(f"`{argument}`" for argument in list(INIT_ARGUMENTS)[:4])
        help_text = f"The server gives {known}; give `{name}` a default, or take `**kwargs`."
    message = f"`__init__` requires `{name}`, which the server does not give"
    return Breach(Kind.INIT_ARGUMENT, "__init__", message, help_text, name)
