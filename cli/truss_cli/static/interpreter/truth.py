"""The truth of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.static.values.values import (
    NONE,
    AbstractValue,
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
    ModuleObject,
    Pending,
    TupleValue,
    Typed,
    Union,
    join,
    members,
    without_unbound,
)

if TYPE_CHECKING:
    from truss_cli.static.interpreter.interpreter import AbstractInterpreter

_ALWAYS_TRUE = (BoundMethod, ClassObject, FunctionObject, LibraryMethod, ModuleObject, Pending)
_MAY_BE_EMPTY = (
    "builtins.",
    "collections.",
    "typing.",
    "numpy.",
    "pandas.",
    "datetime.timedelta",
    "decimal.",
)


def truth(run: AbstractInterpreter, value: AbstractValue) -> bool | None:
    """Return whether a value is true; None if that is not known."""
    if isinstance(value, Union):
        outcomes = {truth(run, member) for member in value.members}
        return outcomes.pop() if len(outcomes) == 1 else None
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, TupleValue):
        return bool(value.items)
    if isinstance(value, Container):
        return _content_truth(run, value)
    if isinstance(value, Instance):
        return _instance_truth(run, value)
    if isinstance(value, Typed):
        return None if value.name.startswith(_MAY_BE_EMPTY) else _typed_truth(value)
    if isinstance(value, LibraryObject):
        return False if value.name == "typing.TYPE_CHECKING" else None
    return True if isinstance(value, _ALWAYS_TRUE) else None


def _typed_truth(value: Typed) -> bool | None:
    return True if value.name.partition(".")[0] in ("pathlib", "re", "threading", "uuid") else None


def _content_truth(run: AbstractInterpreter, value: Container) -> bool | None:
    content = run.content(value)
    if isinstance(content, Items):
        return True if content.items else None if content.other else False
    if any(without_unbound(item) == item for item in content.known.values()):
        return True
    return None if content.value or content.known else False


def _instance_truth(run: AbstractInterpreter, value: Instance) -> bool | None:
    if value.cls.kind in ("plain", "dataclass", "pydantic", "enum"):
        names = ("__bool__", "__len__")
        return None if any(run.operation("class attribute", value.cls, name) for name in names) else True
    return None


def with_truth(
    run: AbstractInterpreter,
    value: AbstractValue,
    wanted_type: bool,  # noqa: FBT001 - an operation
) -> AbstractValue | None:
    """Return the members of a value that may have a truth; None if no member may."""
    kept_values = [member for member in members(value) if truth(run, member) is not (not wanted_type)]
    if not wanted_type:
        # An unknown or JSON value that is false holds nothing that could not be sent.
        kept_values = [
            NONE if isinstance(member, Json) and len(kept_values) > 1 else member for member in kept_values
        ]
    return join(kept_values) if kept_values else None


def content_of(run: AbstractInterpreter, value: AbstractValue) -> Items | Entries | None:
    """Return the content of a container; None for any other value."""
    return run.content(value) if isinstance(value, Container) else None
