"""Reading attributes of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.static.events import FailureKind
from truss_cli.static.interpreter.classes import class_attribute, is_open, lineage, own_class_attribute
from truss_cli.static.interpreter.library import class_member, described_type
from truss_cli.static.values.values import (
    UNBOUND,
    UNKNOWN,
    AbstractValue,
    Arguments,
    BoundMethod,
    ClassObject,
    Constant,
    Container,
    Descriptor,
    FunctionObject,
    Instance,
    Json,
    LibraryMethod,
    LibraryObject,
    ModuleObject,
    Partial,
    Pending,
    Super,
    TupleValue,
    Typed,
    Union,
    constant,
    is_none,
    join,
    without_unbound,
)

if TYPE_CHECKING:
    import ast

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler

_OF_ANY_OBJECT = frozenset(dir(object)) | {"__dict__", "__name__", "__annotations__", "__weakref__"}
_OF_JSON = frozenset(name for kind in (dict, list, str, int, float, bytes) for name in dir(kind))
_OF_ARRAYS = frozenset(
    {"shape", "dtype", "size", "ndim", "T", "astype", "tolist", "reshape", "flatten", "mean", "sum", "item"}
)
"""Attributes of arrays, which MessagePack clients may send."""
_OF_CLASSES = ("__init_subclass__", "__class_getitem__")
"""Functions that Python binds to the class without a decorator."""
_OPEN_CLASSES = ("builtins.type", "builtins.object", "builtins.function", "builtins.super")
"""Builtin classes whose instances may have any attribute."""
_CLOSED_MODULES = ("builtins", "datetime", "pathlib", "uuid", "decimal")


def _instance(run: AbstractInterpreter, value: Instance, name: str, node: ast.AST) -> AbstractValue:
    if class_attribute(run, value.cls, "__getattribute__") is not None:
        return UNKNOWN
    from_class = class_attribute(run, value.cls, name)
    if isinstance(from_class, Descriptor) and from_class.kind == "property":
        return run.call(from_class.function, Arguments((value,)), node)
    entries = run.entries(value)
    stored_value = entries.known.get(name)
    own_value = without_unbound(stored_value) if stored_value is not None else None
    if stored_value is not None and own_value == stored_value:
        return own_value
    inherited_value = bind(run, from_class, value, node) if from_class is not None else None
    if own_value is not None:
        return join([own_value, inherited_value]) if inherited_value is not None else own_value
    if inherited_value is not None:
        return inherited_value if entries.value is None else join([inherited_value, UNKNOWN])
    if entries.value is not None or is_open(run, value.cls):
        return UNKNOWN
    if name == "__class__":
        return value.cls
    special = run.operation("instance attribute", value, name)
    if special is not None:
        return special  # type: ignore[no-any-return]  # an operation returns Any
    if name in _OF_ANY_OBJECT:
        return UNKNOWN
    kind = value.cls.node.name
    message = f"`{kind}` has no attribute `{name}`"
    raise run.fail(FailureKind.ATTRIBUTE, "AttributeError", node, message, _attribute_help(run, value, name))


def _attribute_help(run: AbstractInterpreter, value: Instance, name: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only where something fails

    names = [str(key) for key in run.entries(value).known]
    for base in lineage(value.cls):
        if isinstance(base, ClassObject):
            names += [str(key) for key in run.entries(base).known]
    near = get_close_matches(name, names, n=1)
    return f"Did you mean `{near[0]}`?" if near else f"Set `{name}` before it is read, or correct the name."


def bind(
    run: AbstractInterpreter, match: AbstractValue, receiver: AbstractValue, node: ast.AST
) -> AbstractValue:
    """Return the attribute of an instance or class that a class attribute becomes when it is read."""
    if isinstance(match, Union):
        return join(bind(run, member, receiver, node) for member in match.members)
    if isinstance(match, FunctionObject):
        return _bound_function(match, receiver)
    if isinstance(match, Instance) and class_attribute(run, match.cls, "__get__"):
        return UNKNOWN
    if not isinstance(match, Descriptor):
        return match
    if match.kind == "staticmethod":
        return match.function
    if match.kind == "classmethod":
        owner = receiver.cls if isinstance(receiver, Instance) else receiver
        return BoundMethod(match.function, owner)
    if isinstance(receiver, ClassObject):
        return match
    if match.kind in ("property", "cached_property"):
        return _computed(run, match, receiver, node)
    return BoundMethod(match, receiver)


def _bound_function(function: FunctionObject, receiver: AbstractValue) -> AbstractValue:
    if not isinstance(receiver, ClassObject):
        return BoundMethod(function, receiver)
    return BoundMethod(function, receiver) if function.name in _OF_CLASSES else function


def _computed(
    run: AbstractInterpreter, match: Descriptor, receiver: AbstractValue, node: ast.AST
) -> AbstractValue:
    """Return the value of a property, which a cached one keeps on the instance."""
    value = run.call(match.function, Arguments((receiver,)), node)
    function = match.function if match.kind == "cached_property" else None
    if isinstance(function, FunctionObject) and isinstance(receiver, Instance):
        run.set_attribute(receiver, function.name, value)
    return value


def _class(run: AbstractInterpreter, value: ClassObject, name: str, node: ast.AST) -> AbstractValue:
    match = class_attribute(run, value, name)
    if match is not None and match is not UNBOUND:
        return bind(run, match, value, node)
    if name in ("__name__", "__qualname__"):
        return constant(value.node.name)
    special: AbstractValue | None = run.operation("special class attribute", value, name)
    if special is not None:
        return special
    if (
        is_open(run, value)
        or value.kind != "plain"
        or name in _OF_ANY_OBJECT
        or name in (*dir(type), "register")
    ):
        return UNKNOWN
    message = f"the class `{value.node.name}` has no attribute `{name}`"
    raise run.fail(
        FailureKind.ATTRIBUTE, "AttributeError", node, message, f"Define `{name}`, or correct the name."
    )


def _super(run: AbstractInterpreter, value: Super, name: str, node: ast.AST) -> AbstractValue:
    receiver = value.receiver
    start = receiver.cls if isinstance(receiver, Instance) else receiver
    if not isinstance(start, ClassObject):
        return UNKNOWN
    bases = lineage(start)
    after = bases[bases.index(value.cls) + 1 :] if value.cls in bases else []
    for base in after:
        match = own_class_attribute(run, base, name)
        if match is not None:
            return bind(run, match, receiver, node)
    class_name = all(
        isinstance(base, ClassObject | LibraryObject)
        and (isinstance(base, ClassObject) or run.operation("is known class", base.name))
        for base in after
    )
    return LibraryMethod(receiver, f"object.{name}") if class_name and name in _OF_ANY_OBJECT else UNKNOWN


def _typed(
    run: AbstractInterpreter, value: Typed | Constant | Container | TupleValue, name: str, node: ast.AST
) -> AbstractValue:
    member = class_member(run, described_type(value), name)
    if member is not None:
        return run.operation("library member", value, name, member)  # type: ignore[no-any-return]  # as above
    class_name = described_type(value)
    module = class_name.rpartition(".")[0]
    if is_none(value) and name not in dir(None):
        message = f"None has no attribute `{name}`"
        raise run.fail(FailureKind.NONE, "AttributeError", node, message, "Set the value before it is used.")
    if (
        module in _CLOSED_MODULES
        and class_name not in _OPEN_CLASSES
        and run.operation("mro", class_name)
        and name not in _OF_ANY_OBJECT
    ):
        label = class_name.rpartition(".")[2]
        message = f"`{label}` has no attribute `{name}`"
        raise run.fail(
            FailureKind.ATTRIBUTE, "AttributeError", node, message, f"Use an attribute that `{label}` has."
        )
    attribute_type: AbstractValue | None = run.operation("package attribute", value, name)
    if attribute_type is not None:
        return attribute_type
    is_function = f"{class_name}.{name}" in run.tables.functions
    return LibraryMethod(value, name) if isinstance(value, Container) or is_function else UNKNOWN


def _json(run: AbstractInterpreter, value: Json, name: str, node: ast.AST) -> AbstractValue:
    if name in _OF_JSON:
        return LibraryMethod(value, name)
    if name in _OF_ARRAYS or name in _OF_ANY_OBJECT:
        return UNKNOWN
    message = f"the input is plain JSON, which has no attribute `{name}`"
    help_text = f'Write `["{name}"]`, or annotate the input with a Pydantic model.'
    raise run.fail(FailureKind.ATTRIBUTE, "AttributeError", node, message, help_text)


def _library_object(
    run: AbstractInterpreter, value: LibraryObject, name: str, node: ast.AST
) -> AbstractValue:
    result: AbstractValue = run.operation("library attribute", value, name, node)
    return result


def _module(run: AbstractInterpreter, value: ModuleObject, name: str, node: ast.AST) -> AbstractValue:
    result: AbstractValue = run.operation("module attribute", value, name, node)
    return result


def _function(
    run: AbstractInterpreter, value: FunctionObject | BoundMethod, name: str, node: ast.AST
) -> AbstractValue:
    del run, node
    if name in ("__name__", "__qualname__") and isinstance(value, FunctionObject):
        return constant(value.name)
    if name == "__self__" and isinstance(value, BoundMethod):
        return value.receiver
    return UNKNOWN


def _pending(run: AbstractInterpreter, value: Pending, name: str, node: ast.AST) -> AbstractValue:
    if value.kind != "coroutine" or name.startswith("__") or name in ("send", "throw", "close"):
        return UNKNOWN
    message = f"the coroutine of `{value.function.name}` has no attribute `{name}`"
    raise run.fail(FailureKind.ATTRIBUTE, "AttributeError", node, message, "Write `await` before the call.")


def _method(run: AbstractInterpreter, value: LibraryMethod, name: str, node: ast.AST) -> AbstractValue:
    is_json = isinstance(value.receiver, Json)
    if name.startswith("__") or not (is_json or isinstance(value.receiver, Container | Constant)):
        return UNKNOWN
    message = f"`{value.name}` is a method here, which has no attribute `{name}`"
    help_text = f'Call the method, or write `["{value.name}"]` to read a key.'
    raise run.fail(FailureKind.ATTRIBUTE, "AttributeError", node, message, help_text)


def _descriptor(run: AbstractInterpreter, value: Descriptor, name: str, node: ast.AST) -> AbstractValue:
    del run, node
    if value.kind == "property" and name in ("setter", "deleter", "getter"):
        return Descriptor("setter", value.function)
    return UNKNOWN


def _partial(run: AbstractInterpreter, value: Partial, name: str, node: ast.AST) -> AbstractValue:
    return value.function if name == "func" else UNKNOWN


ATTRIBUTES: dict[type, Handler] = {
    Instance: _instance,
    ClassObject: _class,
    Super: _super,
    Typed: _typed,
    Constant: _typed,
    Container: _typed,
    TupleValue: _typed,
    Json: _json,
    LibraryObject: _library_object,
    ModuleObject: _module,
    FunctionObject: _function,
    BoundMethod: _function,
    Descriptor: _descriptor,
    LibraryMethod: _method,
    Pending: _pending,
    Partial: _partial,
}
