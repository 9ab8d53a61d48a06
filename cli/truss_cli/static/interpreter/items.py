"""Subscripts: reading, storing and deleting items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.static.events import FailureKind
from truss_cli.static.interpreter.library import call_signatures, class_member, described_type
from truss_cli.static.values.values import (
    JSON,
    UNBOUND,
    UNKNOWN,
    AbstractValue,
    Arguments,
    BoundMethod,
    ClassObject,
    Constant,
    Container,
    Entries,
    FunctionObject,
    Instance,
    Items,
    Json,
    LibraryMethod,
    LibraryObject,
    Pending,
    SecretsValue,
    TupleValue,
    Typed,
    is_none,
    join,
    type_name,
    without_unbound,
)

if TYPE_CHECKING:
    import ast

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter

_NOT_SUBSCRIPTABLE = (FunctionObject, BoundMethod, LibraryMethod, Pending)


def item(run: AbstractInterpreter, owner: AbstractValue, key: AbstractValue, node: ast.AST) -> AbstractValue:
    """Return `owner[key]`."""
    if isinstance(owner, Container):
        return _container_item(run, owner, key, node)
    if isinstance(owner, TupleValue):
        return _tuple_item(owner, key)
    if isinstance(owner, Json):
        return JSON
    if isinstance(owner, Instance):
        return _instance_item(run, owner, key, node)
    if isinstance(owner, ClassObject):
        return _class_item(run, owner, key)
    if isinstance(owner, LibraryObject):
        return owner
    if isinstance(owner, SecretsValue):
        return run.operation("read secret", key, node)  # type: ignore[no-any-return]  # an operation returns Any
    is_coroutine = isinstance(owner, Typed) and owner.name == "types.CoroutineType"
    if is_none(owner) or is_coroutine or _is_function(owner):
        raise _not_subscriptable(run, owner, node)
    if isinstance(owner, Typed | Constant):
        return _typed_item(run, owner, key, node)
    return UNKNOWN


def _is_function(owner: AbstractValue) -> bool:
    """Return whether a value is a function; an attribute of a package may be anything."""
    return isinstance(owner, _NOT_SUBSCRIPTABLE) and getattr(owner, "is_method", True)


def _class_item(run: AbstractInterpreter, owner: ClassObject, key: AbstractValue) -> AbstractValue:
    """Return a member of an enumeration by name, or a generic class with its arguments."""
    if run.operation("class attribute", owner, "__class_getitem__") is not None:
        return UNKNOWN
    if owner.kind == "enum":
        return run.entries(owner).known.get(getattr(key, "value", None), UNKNOWN)
    return UNKNOWN if owner.kind == "opaque" else owner


def _not_subscriptable(run: AbstractInterpreter, owner: AbstractValue, node: ast.AST) -> Exception:
    kind = (
        owner.kind if isinstance(owner, Pending) else "coroutine" if isinstance(owner, Typed) else "function"
    )
    label = "None" if is_none(owner) else f"a {kind}"
    help_text = "Set the value before it is used." if is_none(owner) else "Call it, or await it, first."
    problem = FailureKind.NONE if is_none(owner) else FailureKind.OPERATION
    return run.fail(problem, "TypeError", node, f"{label} cannot be subscripted", help_text)


def _container_item(
    run: AbstractInterpreter, owner: Container, key: AbstractValue, node: ast.AST
) -> AbstractValue:
    content = run.content(owner)
    if isinstance(content, Items):
        if isinstance(key, Typed) and key.name == "builtins.slice":
            return run.new_container(owner.type, Items((), content.element()))
        return _item_at(content, key)
    return _entry(run, owner, content, key, node)


def _item_at(content: Items, key: AbstractValue) -> AbstractValue:
    index = key.value if isinstance(key, Constant) else None
    if isinstance(index, int) and content.other is None and -len(content.items) <= index < len(content.items):
        return content.items[index]
    return content.element() or UNKNOWN


def _entry(
    run: AbstractInterpreter, owner: Container, content: Entries, key: AbstractValue, node: ast.AST
) -> AbstractValue:
    if not isinstance(key, Constant):
        every = content.values()
        return join(every) if every else UNKNOWN
    match = content.known.get(key.value)
    value = without_unbound(match) if match is not None else None
    if value is not None:
        return value
    if content.value is not None:
        return content.value
    if owner.type in ("collections.defaultdict", "collections.Counter"):
        return Typed("builtins.int") if owner.type == "collections.Counter" else UNKNOWN
    if match is None or match is UNBOUND:
        message = f"there is no key {key.value!r} here"
        help_text = "Add the key, or read it with `.get(...)`."
        if owner.reference in run.config_containers:
            message = f"the config has no key {key.value!r}"
            help_text = "Add the key to config.yaml, or correct its name."
        raise run.fail(FailureKind.KEY, "KeyError", node, message, help_text)
    return UNKNOWN


def _tuple_item(owner: TupleValue, key: AbstractValue) -> AbstractValue:
    index = key.value if isinstance(key, Constant) else None
    if isinstance(index, int) and -len(owner.items) <= index < len(owner.items):
        return owner.items[index]
    element = join(owner.items) if owner.items else UNKNOWN
    is_slice = isinstance(key, Typed) and key.name == "builtins.slice"
    return Typed("builtins.tuple", (element,)) if is_slice else element


def _instance_item(
    run: AbstractInterpreter, owner: Instance, key: AbstractValue, node: ast.AST
) -> AbstractValue:
    method = run.operation("class attribute", owner.cls, "__getitem__")
    if method is not None:
        return run.call(method, Arguments((owner, key)), node)
    if owner.cls.kind == "namedtuple":
        values = list(run.entries(owner).known.values())
        return _item_at(Items(tuple(values)), key)
    if owner.cls.kind in ("plain", "dataclass", "pydantic") and not run.operation("is open", owner.cls):
        label = owner.cls.node.name
        message = f"`{label}` cannot be subscripted"
        name = key.value if isinstance(key, Constant) and isinstance(key.value, str) else "name"
        raise run.fail(FailureKind.OPERATION, "TypeError", node, message, f"Read the attribute: `.{name}`.")
    return UNKNOWN


def _typed_item(
    run: AbstractInterpreter, owner: Typed | Constant, key: AbstractValue, node: ast.AST
) -> AbstractValue:
    kind = described_type(owner)
    if kind == "builtins.tuple" and isinstance(owner, Typed):
        is_slice = isinstance(key, Typed) and key.name == "builtins.slice"
        return owner if is_slice else owner.arguments[0] if owner.arguments else UNKNOWN
    special = run.tables.functions.get(f"{kind}.__getitem__")
    if special is not None:
        return special(run, Arguments((owner, key)), node)  # type: ignore[no-any-return]  # a handler
    package_result = run.operation("measured", f"{kind}.__getitem__", Arguments((key,)))
    if package_result is not None:
        return package_result  # type: ignore[no-any-return]  # as above
    member = class_member(run, kind, "__getitem__")
    if member is None:
        return UNKNOWN
    variables = run.operation("type variables", owner)
    return call_signatures(run, member.signatures, Arguments((key,)), variables, owner)


def store_item(
    run: AbstractInterpreter, owner: AbstractValue, key: AbstractValue, value: AbstractValue, node: ast.AST
) -> None:
    """Execute `owner[key] = value`."""
    if isinstance(owner, Container):
        content = run.content(owner)
        if isinstance(content, Items):
            run.set_content(owner, _with_item(content, key, value))
        else:
            run.set_content(owner, _with_entry(run, owner, content, key, value))
    elif isinstance(owner, Typed) and owner.name.startswith("os._Environ"):
        _check_variable(run, value, node)
    elif isinstance(owner, Instance):
        method = run.operation("class attribute", owner.cls, "__setitem__")
        if method is not None:
            run.call(method, Arguments((owner, key, value)), node)


def _check_variable(run: AbstractInterpreter, value: AbstractValue, node: ast.AST) -> None:
    """Fail if an environment variable is set to anything but a string."""
    kind = type_name(value)
    if kind is not None and kind.startswith("builtins.") and kind != "builtins.str":
        label = kind.rpartition(".")[2].replace("NoneType", "None")
        message = f"an environment variable is set to a value of type {label}"
        raise run.fail(FailureKind.OPERATION, "TypeError", node, message, "Convert it with `str(...)`.")


def _with_item(content: Items, key: AbstractValue, value: AbstractValue) -> Items:
    index = key.value if isinstance(key, Constant) else None
    if isinstance(index, int) and content.other is None and -len(content.items) <= index < len(content.items):
        items = list(content.items)
        items[index] = value
        return Items(tuple(items))
    return Items((), join([value, UNKNOWN]))


def _with_entry(
    run: AbstractInterpreter, owner: Container, content: Entries, key: AbstractValue, value: AbstractValue
) -> Entries:
    if isinstance(key, Constant):
        return Entries({**content.known, key.value: value}, content.key, content.value)
    keys = join([content.key, key]) if content.key else key
    if owner.reference in run.iterated:
        # Each entry may be replaced in turn, so that the former ones are not known any more.
        replacement = join([value, UNKNOWN])
        return Entries(dict.fromkeys(content.known, replacement), keys, replacement)
    values = join([content.value, value]) if content.value else value
    return Entries(content.known, keys, values)


def delete_item(run: AbstractInterpreter, owner: AbstractValue, key: AbstractValue) -> None:
    """Execute `del owner[key]`."""
    if not isinstance(owner, Container):
        return
    content = run.content(owner)
    if isinstance(content, Items):
        run.set_content(owner, Items((), content.element()))
    elif isinstance(key, Constant):
        class_name = {name: value for name, value in content.known.items() if name != key.value}
        run.set_content(owner, Entries(class_name, content.key, content.value))
    else:
        class_name = {name: join([value, UNBOUND, UNKNOWN]) for name, value in content.known.items()}
        run.set_content(owner, Entries(class_name, content.key, content.value))
