"""A neutral view of a model's methods, built alike from source (`ast`) and from live objects (`inspect`)."""

from __future__ import annotations

from enum import Enum, auto
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Union

if TYPE_CHECKING:
    from collections.abc import Mapping


class ParameterKind(Enum):
    """How a parameter is passed; the members of `inspect.Parameter` by the same names."""

    POSITIONAL_ONLY = auto()
    POSITIONAL_OR_KEYWORD = auto()
    VAR_POSITIONAL = auto()
    KEYWORD_ONLY = auto()
    VAR_KEYWORD = auto()


class Form(Enum):
    """What calling a method gives."""

    SYNC = auto()
    COROUTINE = auto()
    GENERATOR = auto()
    ASYNC_GENERATOR = auto()
    UNKNOWN = auto()
    """A decorator of the user's may have changed it."""


_SHOWN_LEVELS = 3
"""Of types inside one another, as messages show them."""


class Type(NamedTuple):
    """A type as an annotation names it: a canonical dotted name, its arguments and its base classes.

    `open` says that there may be base classes that are not in `ancestors`;
    nothing can then be concluded from what is absent.
    """

    name: str
    arguments: tuple[Type, ...] = ()
    ancestors: frozenset[str] = frozenset()
    open: bool = False

    def is_a(self, *names: str) -> bool:
        """Whether the type is, for certain, one of the named classes or derived from one."""
        return self.name in names or not self.ancestors.isdisjoint(names)

    def __str__(self) -> str:
        return self._text(_SHOWN_LEVELS)

    def _text(self, levels: int) -> str:
        is_described = " " in self.name
        short = self.name if is_described else self.name.rpartition(".")[2]
        if not self.arguments:
            return short
        inner = (argument._text(levels - 1) for argument in self.arguments)  # noqa: SLF001 - of this class
        return f"{short}[{', '.join(inner) if levels else '...'}]"


UNKNOWN_TYPE = Type("?", open=True)


class Annotation(NamedTuple):
    """A written annotation; a `postponed` one (a string) is a mere string to the server."""

    type: Type
    postponed: bool = False


class Parameter(NamedTuple):
    """One parameter of a method, `self` left aside."""

    name: str
    kind: ParameterKind = ParameterKind.POSITIONAL_OR_KEYWORD
    has_default: bool = False
    annotation: Annotation | None = None

    @property
    def required(self) -> bool:
        """Whether a call that does not give it fails."""
        variadic = self.kind in (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD)
        return not self.has_default and not variadic


class Shape(NamedTuple):
    """A method as its caller sees it."""

    parameters: tuple[Parameter, ...] = ()
    form: Form = Form.SYNC
    returns: Annotation | None = None

    def __str__(self) -> str:
        return f"({', '.join(parameter.name for parameter in self.parameters)})"


class NotCallable(NamedTuple):
    """A member that is there but cannot be called, such as `predict = 3`."""

    what: str


class _Alike:
    """Nothing tells two members of such a class apart."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


class NoSelf(_Alike):
    """A method written without a first parameter, so that no call of it can succeed."""


class Unknowable(_Alike):
    """A member that is there, of which nothing more can be known."""


Member = Union[Shape, NotCallable, NoSelf, Unknowable]


class ModelShape(NamedTuple):
    """The members of a Model class that the server looks at.

    `complete` says that a method that is not in `members` is certainly absent.
    """

    init: Member = Shape()
    members: Mapping[str, Member] = MappingProxyType({})
    complete: bool = True

    def shape(self, method: str) -> Shape | None:
        """Shape of a method, if it is there and known."""
        member = self.members.get(method)
        return member if isinstance(member, Shape) else None
