"""Abstract values: the knowledge of an object that an abstract run carries.

A value is immutable. The mutable parts of lists, dicts, sets and instances are
in the `State`, under the number that the value refers to.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from truss_cli.static.names.symbols import Module

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_MOST_MEMBERS = 6
"""Members of a union; a larger one is unknown."""


class AbstractValue:
    """Base of all abstract values."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Unknown(AbstractValue):
    """A value of which nothing is known; a member of a union, it does not absorb the others."""


@dataclass(frozen=True, slots=True)
class Json(AbstractValue):
    """The input of a request, or a part of it: any JSON value, which can always be sent."""


@dataclass(frozen=True, slots=True)
class Unbound(AbstractValue):
    """No value: the name or attribute may not be set."""


UNKNOWN = Unknown()
JSON = Json()
UNBOUND = Unbound()


@dataclass(frozen=True, slots=True)
class ValueOrigin:
    """The expression that created a value, and its file."""

    module: Module
    node: ast.AST


@dataclass(frozen=True, slots=True)
class Constant(AbstractValue):
    """A string, number, bytes, bool or None; equal only to one of the same type."""

    value: object
    type: str
    origin: ValueOrigin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Typed(AbstractValue):
    """An instance of a library class, by its qualified name.

    `arguments` are those of its type: the elements of an iterator, the result of a future.
    """

    name: str
    arguments: tuple[AbstractValue, ...] = ()
    origin: ValueOrigin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class TupleValue(AbstractValue):
    """A tuple whose elements are known."""

    items: tuple[AbstractValue, ...]
    origin: ValueOrigin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Container(AbstractValue):
    """A list, dict, set or a subclass of theirs, whose content is in the state."""

    type: str
    reference: int
    origin: ValueOrigin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ClassObject(AbstractValue):
    """A class of the truss; its attributes are in the state."""

    reference: int
    node: ast.ClassDef = field(compare=False)
    module: Module = field(compare=False)
    bases: tuple[AbstractValue, ...] = field(compare=False)
    """Base classes, in the order in which attributes are looked up."""
    kind: str = field(default="", compare=False)
    """`dataclass`, `pydantic`, `enum`, `namedtuple`, `typeddict`, `opaque`, or empty for a plain class."""


@dataclass(frozen=True, slots=True)
class Instance(AbstractValue):
    """An instance of a class of the truss; its attributes are in the state."""

    cls: ClassObject
    reference: int
    origin: ValueOrigin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class FunctionObject(AbstractValue):
    """A function of the truss, with its default values and the frame around it."""

    node: FunctionNode = field(compare=False)
    module: Module = field(compare=False)
    reference: int
    defaults: tuple[AbstractValue | None, ...] = field(default=(), compare=False)
    """Of the positional parameters, then of the keyword-only ones; None for a required one."""
    frame: int = 0
    """The number of the frame it was defined in; 0 for a module or class."""
    owner: ClassObject | None = field(default=None, compare=False)
    wraps: AbstractValue | None = field(default=None, compare=False)
    """The function that `functools.wraps` named."""

    @property
    def name(self) -> str:
        """Name of the function."""
        return getattr(self.node, "name", "lambda")


@dataclass(frozen=True, slots=True)
class Descriptor(AbstractValue):
    """A function under `property`, `classmethod`, `staticmethod`, `cached_property` or a context manager."""

    kind: str
    function: AbstractValue


@dataclass(frozen=True, slots=True)
class BoundMethod(AbstractValue):
    """A function bound to its first argument."""

    function: AbstractValue
    receiver: AbstractValue


@dataclass(frozen=True, slots=True)
class LibraryMethod(AbstractValue):
    """A method of a library value, or of a container, bound to its receiver."""

    receiver: AbstractValue
    name: str
    is_method: bool = True
    """False if it may be any other attribute, which can only be called to know its result."""


@dataclass(frozen=True, slots=True)
class LibraryObject(AbstractValue):
    """A module, class, function or value of a library, by its qualified name."""

    name: str


@dataclass(frozen=True, slots=True)
class ModuleObject(AbstractValue):
    """A module of the truss; its names are in the state."""

    reference: int
    name: str


@dataclass(frozen=True, slots=True)
class Partial(AbstractValue):
    """A call of `functools.partial`."""

    function: AbstractValue
    arguments: Arguments


@dataclass(frozen=True, slots=True)
class Pending(AbstractValue):
    """A call that has not run yet: a generator, a coroutine, or a context manager based on a generator."""

    kind: str
    """`generator`, `async generator`, `coroutine` or `context`."""
    function: FunctionObject
    arguments: Arguments
    origin: ValueOrigin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Super(AbstractValue):
    """A call of `super()` in a class for an instance."""

    cls: ClassObject
    receiver: AbstractValue


@dataclass(frozen=True, slots=True)
class SecretsValue(AbstractValue):
    """The secrets that the server passes to `__init__`."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a call; `open` if more may be passed by `*` or `**`."""

    positional: tuple[AbstractValue, ...] = ()
    keywords: tuple[tuple[str, AbstractValue], ...] = ()
    open: bool = False

    def keyword(self, name: str) -> AbstractValue | None:
        """Return a keyword argument; None if it is not passed."""
        return dict(self.keywords).get(name)

    def argument(self, index: int, name: str) -> AbstractValue | None:
        """Return an argument passed by position or by name; None if it is not passed."""
        return self.positional[index] if index < len(self.positional) else self.keyword(name)

    def values(self) -> tuple[AbstractValue, ...]:
        """Return all values that are passed."""
        return (*self.positional, *(value for _, value in self.keywords))


@dataclass(frozen=True, slots=True)
class Union(AbstractValue):
    """One of several values."""

    members: tuple[AbstractValue, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """The content of a list, set or deque: known items, and the join of any others."""

    items: tuple[AbstractValue, ...] = ()
    other: AbstractValue | None = None
    certain: bool = True
    """True if there are such others whenever the surrounding code was reached."""

    def element(self) -> AbstractValue | None:
        """Return the join of all elements; None if there are none."""
        every = [*self.items, *([self.other] if self.other else [])]
        return join(every) if every else None


@dataclass(frozen=True, slots=True)
class Entries:
    """The content of a dict: values by known key, and the joins of any other keys and values.

    A value joined with `UNBOUND` is under a key that may be absent.
    """

    known: Mapping[Any, AbstractValue]  # Any: constants, and names of attributes
    """By the constant's value, or by the value itself where the key is not a constant."""
    key: AbstractValue | None = None
    value: AbstractValue | None = None

    def values(self) -> list[AbstractValue]:
        """Return all values, the absent ones left out."""
        known_entries = [
            binding for value in self.known.values() for binding in [without_unbound(value)] if binding
        ]
        return [*known_entries, *([self.value] if self.value else [])]


Content = Items | Entries
NONE = Constant(None, "builtins.NoneType")


def members(value: AbstractValue) -> tuple[AbstractValue, ...]:
    """Return the values of which a value is one."""
    return value.members if isinstance(value, Union) else (value,)


def join(values: Iterable[AbstractValue]) -> AbstractValue:
    """Return the value that is one of the given ones."""
    flat: list[AbstractValue] = []
    for value in values:
        for member in value.members if type(value) is Union else (value,):
            # A scan compares by identity first, which hashing nested values does not.
            if member not in flat:
                flat.append(member)
                if len(flat) > _MOST_MEMBERS:
                    return UNKNOWN
    if len(flat) == 1:
        return flat[0]
    return Union(tuple(flat)) if flat else UNKNOWN


def without_unbound(value: AbstractValue) -> AbstractValue | None:
    """Return a value less its `UNBOUND` member; None if nothing remains."""
    if value is UNBOUND:
        return None
    if isinstance(value, Union) and UNBOUND in value.members:
        return join(member for member in value.members if member is not UNBOUND)
    return value


def constant(value: object, origin: ValueOrigin | None = None) -> Constant:
    """Return the abstract value of a Python constant."""
    return Constant(value, f"builtins.{type(value).__name__}", origin)


def is_none(value: AbstractValue) -> bool:
    """Return whether a value is None for certain."""
    return isinstance(value, Constant) and value.value is None


def type_name(value: AbstractValue) -> str | None:
    """Return the qualified name of a value's class, if it is a library's."""
    if isinstance(value, Constant | Container):
        return value.type
    if isinstance(value, Typed):
        return value.name
    return "builtins.tuple" if isinstance(value, TupleValue) else None
