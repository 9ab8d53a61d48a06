"""Classes of the truss: their creation, kinds, lineage and attributes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from truss_cli.static.events import FailureKind
from truss_cli.static.interpreter.interpreter import Frame
from truss_cli.static.interpreter.scope import scope_of_body
from truss_cli.static.values.values import (
    UNKNOWN,
    AbstractValue,
    Arguments,
    ClassObject,
    Constant,
    Container,
    Descriptor,
    Entries,
    FunctionObject,
    Instance,
    LibraryObject,
    Typed,
    constant,
    without_unbound,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter

_KINDS = {
    "pydantic.BaseModel": "pydantic",
    "pydantic.RootModel": "root model",
    "pydantic.main.BaseModel": "pydantic",
    "pydantic.generics.GenericModel": "opaque",
    "pydantic_settings.BaseSettings": "opaque",
    "pydantic.v1.BaseModel": "pydantic v1",
    "typing.NamedTuple": "namedtuple",
    "typing.TypedDict": "typeddict",
    "typing_extensions.TypedDict": "typeddict",
    "typing_extensions.NamedTuple": "namedtuple",
    **dict.fromkeys(
        [f"enum.{name}" for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum")], "enum"
    ),
}
_NEUTRAL = frozenset(
    {
        "builtins.object",
        "abc.ABC",
        "typing.Generic",
        "typing.Protocol",
        "typing_extensions.Protocol",
        "threading.Thread",
    }
)
_DATACLASSES = ("dataclasses.dataclass", "pydantic.dataclasses.dataclass")
_MUTABLE = ("builtins.list", "builtins.dict", "builtins.set")


def define_class(
    run: AbstractInterpreter, node: ast.ClassDef, decorators: list[AbstractValue]
) -> ClassObject:
    """Execute the body of a class, and return the class."""
    bases = tuple(run.evaluate(base) for base in node.bases)
    keywords = {keyword.arg: run.evaluate(keyword.value) for keyword in node.keywords}
    kind = _kind(run, bases, keywords, decorators)
    cls = ClassObject(run.number(), node, run.frame.module, _linearized(bases), kind)
    scope = scope_of_body(node.body)
    frame = Frame(run.number(), run.frame.module, scope, run.frame, is_class=True)
    frame.class_object = cls
    run.frames[frame.number] = frame
    with run.inside(frame):
        run.execute(node.body)
    for way_out in frame.exits:
        if way_out.kind == "raise" and way_out.error is not None:
            run.state = way_out.state
            raise way_out.error
    attributes = {
        name: value
        for name in sorted(scope.bound)
        for value in [run.state.read((frame.number, name))]
        if value is not None
    }
    run.set_content(cls, Entries(attributes))
    if kind == "enum":
        _make_members(run, cls, attributes)
    if kind == "dataclass":
        _check_defaults(run, node, attributes)
    _notify(run, cls, attributes, keywords)
    return cls


def _notify(
    run: AbstractInterpreter,
    cls: ClassObject,
    attributes: dict[str, AbstractValue],
    keywords: dict[str | None, AbstractValue],
) -> None:
    """Run the code that Python runs when a class is created."""
    metaclass = keywords.get("metaclass")
    if isinstance(metaclass, ClassObject):
        run.forget_module(run.modules[metaclass.module.name])
    for name, value in attributes.items():
        hook = class_attribute(run, value.cls, "__set_name__") if isinstance(value, Instance) else None
        if hook is not None:
            run.call(hook, Arguments((value, cls, constant(name))), cls.node)
    for base in cls.bases:
        hook = own_class_attribute(run, base, "__init_subclass__") if isinstance(base, ClassObject) else None
        if hook is not None:
            function = hook.function if isinstance(hook, Descriptor) else hook
            arguments = tuple(
                (key, value) for key, value in keywords.items() if key not in (None, "metaclass")
            )
            run.call(function, Arguments((cls,), arguments), cls.node)
            return


def _kind(
    run: AbstractInterpreter,
    bases: tuple[AbstractValue, ...],
    keywords: dict[str | None, AbstractValue],
    decorators: list[AbstractValue],
) -> str:
    """Return the kind of a class by its bases, keywords and decorators."""
    metaclass = keywords.get("metaclass")
    if metaclass is not None and metaclass != LibraryObject("abc.ABCMeta"):
        return "opaque"
    if any(is_dataclass_decorator(decorator) for decorator in decorators):
        return "dataclass"
    kinds = [_kind_of_base(run, base) for base in bases]
    if "opaque" in kinds:
        return "opaque"
    special = [kind for kind in kinds if kind not in ("plain", "library")]
    if special:
        return special[0]
    return "library" if "library" in kinds else "plain"


def _kind_of_base(run: AbstractInterpreter, base: AbstractValue) -> str:
    if isinstance(base, ClassObject):
        return base.kind
    if isinstance(base, LibraryObject):
        name = run.operation("canonical", base.name)
        if name in _KINDS:
            return _KINDS[name]
        if name in _NEUTRAL or name.startswith(("typing.Generic[", "typing.Protocol[")):
            return "plain"
        return "library" if run.operation("mro", name) else "opaque"
    return "opaque"


def is_dataclass_decorator(value: AbstractValue) -> bool:
    """Return whether a decorator makes a dataclass."""
    if isinstance(value, Descriptor):
        return value.kind == "dataclass"
    return isinstance(value, LibraryObject) and value.name in _DATACLASSES


def _make_members(run: AbstractInterpreter, cls: ClassObject, attributes: dict[str, AbstractValue]) -> None:
    """Replace the plain attributes of an enumeration by its members."""
    members_by_name: dict[object, AbstractValue] = {}
    for name, value in attributes.items():
        if isinstance(value, Descriptor) and value.kind == "nonmember":
            members_by_name[name] = value.function
            continue
        if name.startswith("_") or isinstance(value, FunctionObject | Descriptor | ClassObject):
            members_by_name[name] = value
            continue
        member = Instance(cls, run.number())
        run.set_content(
            member,
            Entries({"name": constant(name), "value": value, "_value_": value, "_name_": constant(name)}),
        )
        members_by_name[name] = member
    run.set_content(cls, Entries(members_by_name))


def _check_defaults(
    run: AbstractInterpreter, node: ast.ClassDef, attributes: dict[str, AbstractValue]
) -> None:
    """Fail if a field of a dataclass has a mutable default."""
    for statement in node.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        default = attributes.get(statement.target.id)
        if isinstance(default, Container) and default.type in _MUTABLE:
            name = statement.target.id
            label = default.type.removeprefix("builtins.")
            message = (
                f"the default of the dataclass field `{name}` is a mutable {label}, which raises ValueError"
            )
            help_text = f"Write `{name}: ... = field(default_factory={label})`."
            raise run.fail(FailureKind.DEFINITION, "ValueError", statement, message, help_text)


def lineage(cls: ClassObject) -> tuple[AbstractValue, ...]:
    """Return a class and its bases in the order in which attributes are looked up."""
    return (cls, *cls.bases)


def _linearized(bases: Sequence[AbstractValue]) -> tuple[AbstractValue, ...]:
    """Return direct bases and theirs in the order of Python's method resolution."""
    orders = [list(lineage(base)) if isinstance(base, ClassObject) else [base] for base in bases]
    if len(orders) == 1:
        return tuple(orders[0])
    result: list[AbstractValue] = []
    while orders := [order for order in orders if order]:
        heads = [order[0] for order in orders]
        later = {second for order in orders for second in order[1:]}
        head = next((item for item in heads if item not in later), heads[0])
        result.append(head)
        orders = [[item for item in order if item != head] for order in orders]
    return tuple(result)


def class_attribute(run: AbstractInterpreter, cls: ClassObject, name: str) -> AbstractValue | None:
    """Return an attribute of a class of the truss or of its bases; None if none of them sets it."""
    for base in lineage(cls):
        match = own_class_attribute(run, base, name)
        if match is not None:
            return match
    return None


def own_class_attribute(run: AbstractInterpreter, base: AbstractValue, name: str) -> AbstractValue | None:
    """Return an attribute that a class sets itself; unknown if the class is not known."""
    if isinstance(base, ClassObject):
        entries = run.entries(base)
        value = entries.known.get(name)
        if isinstance(value, Typed) and value.name in ("dataclasses.Field", "pydantic.fields.FieldInfo"):
            return UNKNOWN  # the default of a field is not an attribute of the class
        if value is not None:
            return without_unbound(value)
        return UNKNOWN if entries.value is not None else None
    if isinstance(base, LibraryObject):
        match: AbstractValue | None = run.operation("library class attribute", base.name, name)
        return match
    return UNKNOWN


def is_open(run: AbstractInterpreter, cls: ClassObject) -> bool:
    """Return whether a class may have attributes that are not seen."""
    return any(
        not isinstance(base, ClassObject | LibraryObject)
        or (isinstance(base, LibraryObject) and not run.operation("is known class", base.name))
        or (isinstance(base, ClassObject) and run.entries(base).value is not None)
        for base in lineage(cls)
    ) or any(class_attribute(run, cls, name) is not None for name in ("__getattr__", "__getattribute__"))


def is_subclass(run: AbstractInterpreter, cls: ClassObject, names: tuple[str, ...]) -> bool:
    """Return whether a class derives from a library class of one of the names."""
    for base in lineage(cls):
        if isinstance(base, LibraryObject):
            canonical = run.operation("canonical", base.name)
            if canonical in names or any(parent in names for parent in run.operation("mro", canonical)):
                return True
    return False


def constant_text(value: AbstractValue | None) -> str | None:
    """Return a constant string; None for any other value."""
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None
