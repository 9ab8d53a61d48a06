"""Events of an abstract run, which rules read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

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


Event = CodeFailure | Result | Remark | LibraryImport
