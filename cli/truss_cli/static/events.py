"""Events of an abstract run, which rules read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from truss_cli.contract.shape import Type

if TYPE_CHECKING:
    import ast

    from truss_cli.static.names.symbols import Module


class FailureKind(Enum):
    """Kind of a failure."""

    NAME = auto()
    """A name that is never bound is read."""
    ATTRIBUTE = auto()
    """An attribute that is never set is read."""
    ARGUMENTS = auto()
    """A call does not fit the parameters of the function."""
    KEY = auto()
    """A key that is missing is read."""
    OPERATION = auto()
    """An operation is applied to a type that does not support it."""
    NONE = auto()
    """None is used as if it were another value."""
    IMPORT = auto()
    """A module, or a name in one, does not exist."""
    DEFINITION = auto()
    """The body of a class, or the creation of the model, fails."""


class ServerStep(Enum):
    """A step of the server."""

    IMPORT = "import"
    CONSTRUCT = "__init__"
    LOAD = "load"
    REQUEST = "request"


@dataclass(frozen=True)
class CodeFailure:
    """A statement that raises an exception which nothing catches."""

    problem: FailureKind
    module: Module
    node: ast.AST
    message: str
    help: str
    phase: ServerStep
    certain: bool
    """True if every run that passes the guards reaches it."""


@dataclass(frozen=True)
class UnsendablePart:
    """A part of a result that cannot be sent as JSON."""

    module: Module
    node: ast.AST
    """The expression of the part, where it is written in the result; else the result."""
    path: str
    """The place in the result, such as `["boxes"][0]`; empty for the result itself."""
    type: str
    help: str
    in_place: bool = False
    """True if the node is the expression of the part, so that it can be converted there."""


@dataclass(frozen=True)
class Result:
    """A value that a method returns or yields to the server."""

    method: str
    module: Module
    node: ast.AST
    unsendable: tuple[UnsendablePart, ...]
    certain: bool
    """True if the value is always of the unsendable type."""
    always: bool
    """True if the method returns nothing else."""
    streamed: bool = False


JSON_TYPE = Type("JSON")
"""Of the input of a request, or a part of it: any type that JSON has."""


@dataclass(frozen=True)
class ReturnedValue:
    """A value that a `return` may return."""

    type: Type
    """`UNKNOWN_TYPE` if it is not known."""
    is_sendable: bool
    """True if no part of the value is known to be unsendable."""
    parts_known: bool
    """True if the types of all parts are known."""


@dataclass(frozen=True)
class Returned:
    """A `return` of a method that the server calls, whether or not its value can be sent."""

    method: str
    module: Module
    node: ast.AST
    """The returned expression; the function if its end is reached."""
    values: tuple[ReturnedValue, ...]
    """The values that it may return; None only if it is the only one."""
    calls: tuple[ast.Call, ...] = ()
    """The calls that a value that is not known may come from, by way of local names."""
    from_truss: bool = False
    """True if one of the calls is of a function of the truss."""
    library: str = ""
    """The library whose function is called in the `return`; empty if it is not a library's."""


@dataclass(frozen=True)
class Remark:
    """Code that runs, but not as its author expects."""

    kind: str
    module: Module
    node: ast.AST
    message: str
    help: str


@dataclass(frozen=True)
class LibraryImport:
    """An import of a top-level module that is not in the truss."""

    name: str
    module: Module
    """The module that imports it."""
    node: ast.AST
    phase: ServerStep
    certain: bool


@dataclass(frozen=True)
class VariableRead:
    """A read of an environment variable without a default."""

    name: str
    module: Module
    node: ast.AST
    phase: ServerStep
    certain: bool


Event = CodeFailure | Result | Returned | Remark | LibraryImport | VariableRead
