"""The interpreter: its state, frames, budget, and dispatch by node and by value."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from truss_cli.static.events import CodeFailure, Event, FailureKind, ServerStep
from truss_cli.static.interpreter.scope import FunctionScope, scope_of_body
from truss_cli.static.values.state import CONTENT, State, join_states
from truss_cli.static.values.values import (
    UNKNOWN,
    AbstractValue,
    Arguments,
    ClassObject,
    Container,
    Content,
    Entries,
    FunctionNode,
    FunctionObject,
    Instance,
    Items,
    LibraryObject,
    ModuleObject,
    Union,
    ValueOrigin,
    join,
    members,
)

if TYPE_CHECKING:
    from truss_cli.static.names.symbols import Module, Symbols

STEPS = 25_000
"""Expressions and statements that one check evaluates."""
DEPTH = 24
"""Calls inside one another that are followed."""
_RECURSION = 2
"""Times that a function may be in progress."""

Handler = Callable[..., Any]
"""A handler of a node or a value; its arguments depend on the table that it is in."""


class OutOfBudgetError(Exception):
    """The run has taken all its steps."""


class RaisedError(Exception):
    """An exception of the truss, raised for certain; `failure` is None if the truss means to raise it."""

    def __init__(self, name: str, failure: CodeFailure | None = None, value: AbstractValue = UNKNOWN) -> None:
        super().__init__(name)
        self.name = name
        self.failure = failure
        self.value = value


@dataclass
class Exit:
    """A way out of a block: `return`, `raise`, `break` or `continue`."""

    kind: str
    state: State
    node: ast.AST
    module: Module
    value: AbstractValue = UNKNOWN
    error: RaisedError | None = None


@dataclass
class Frame:
    """A body in progress, and the names it binds."""

    number: int
    module: Module
    scope: FunctionScope
    parent: Frame | None = None
    function: FunctionObject | None = None
    parameters: dict[str, AbstractValue] = field(default_factory=dict)
    is_class: bool = False
    class_object: ClassObject | None = None
    """The class that is defined, while its body runs."""
    exits: list[Exit] = field(default_factory=list)
    yielded: list[tuple[AbstractValue, ast.AST, Module]] = field(default_factory=list)
    splits: dict[str, Any] = field(default_factory=dict)
    """By the text of a test: the values that its branches left (see `control`)."""


@dataclass(frozen=True)
class Tables:
    """The handlers of nodes and values, by their type."""

    expressions: Mapping[type, Handler]
    statements: Mapping[type, Handler]
    calls: Mapping[type, Handler]
    attributes: Mapping[type, Handler]
    functions: Mapping[str, Handler]
    """By qualified name: library functions and methods."""
    methods: Mapping[type, Handler]
    """By the type of the receiver: methods that are not looked up in the library tables."""
    operations: Mapping[str, Handler]
    """By name: operations that are needed in several files."""


class AbstractInterpreter:
    """Runs code on abstract values.

    Raises OutOfBudgetError when a run takes too many steps, and RaisedError where the code always raises.
    """

    def __init__(self, symbols: Symbols, tables: Tables, version: tuple[int, int]) -> None:
        self.symbols = symbols
        self.tables = tables
        self.version = version
        self.state = State()
        self.frames: dict[int, Frame] = {}
        self.active: list[FunctionNode] = []
        self.events: list[Event] = []
        self.phase = ServerStep.IMPORT
        self.generated: dict[int, list[tuple[AbstractValue, ast.AST, Module]]] = {}
        """By the identity of a generator: the values that its last run yielded."""
        self.steps = 0
        self.counter = 1
        self.modules: dict[str, ModuleObject] = {}
        self.module_frames: dict[str, Frame] = {}
        self.executing: set[int] = set()
        self.annotations: dict[ast.AST, AbstractValue] = {}
        self.config_containers: set[int] = set()
        self.iterated: list[int] = []
        """Containers that the loops in progress iterate over."""
        self.model_module = ""
        self.model_package = ""
        """Names of the model's module and of the package that it is in."""
        self.phase_is_cut = False
        """True if a step ended early, so that names and attributes may be missing."""
        self.relative_roots: set[str] = set()
        self.patched: set[str] = set()
        """Libraries in which the truss replaces something."""
        self.environment: AbstractValue | None = None
        """The value that the server passes as `environment`."""
        self.spread: AbstractValue | None = None
        """The elements of the last argument that was spread by `*`."""
        self.loop_mark = 0
        """Objects with a greater number were created in the turn of the loop in progress."""
        self.used_secrets: list[tuple[str, Module, ast.AST]] = []
        self._scopes: dict[ast.AST, FunctionScope] = {}
        self.frame: Frame = Frame(0, None, FunctionScope())  # type: ignore[arg-type]  # replaced before use

    def number(self) -> int:
        """Return a number for a new object."""
        self.counter += 1
        return self.counter

    def spend(self) -> None:
        """Count a step. Raises OutOfBudgetError if it is one too many."""
        self.steps += 1
        if self.steps > STEPS:
            raise OutOfBudgetError

    def evaluate(self, node: ast.expr) -> AbstractValue:
        """Return the value of an expression."""
        self.spend()
        handler = self.tables.expressions.get(type(node))
        value: AbstractValue = handler(self, node) if handler else UNKNOWN
        return value

    def execute(self, body: Sequence[ast.stmt]) -> bool:
        """Execute statements; return whether the end of the body is reached."""
        for statement in body:
            self.spend()
            handler = self.tables.statements.get(type(statement))
            try:
                if handler is not None and handler(self, statement) is False:
                    return False
            except RaisedError as error:
                self.leave("raise", statement, error=error)
                return False
        return True

    def leave(
        self, kind: str, node: ast.AST, value: AbstractValue = UNKNOWN, error: RaisedError | None = None
    ) -> None:
        """Record a way out of the body in progress."""
        self.frame.exits.append(Exit(kind, self.state, node, self.frame.module, value, error))

    def operation(self, name: str, *arguments: Any) -> Any:  # noqa: ANN401 - as the operation has them
        """Apply an operation of the tables."""
        return self.tables.operations[name](self, *arguments)

    def call(self, function: AbstractValue, arguments: Arguments, node: ast.AST) -> AbstractValue:
        """Return the result of a call; of a union, the join of its members' results."""
        return self.each(function, lambda member: self._call(member, arguments, node))

    def _call(self, function: AbstractValue, arguments: Arguments, node: ast.AST) -> AbstractValue:
        handler = self.tables.calls.get(type(function))
        if handler is None:
            self.forget(*arguments.values())
            return UNKNOWN
        result: AbstractValue = handler(self, function, arguments, node)
        return result

    def attribute(self, value: AbstractValue, name: str, node: ast.AST) -> AbstractValue:
        """Return an attribute of a value."""
        return self.each(value, lambda member: self._attribute(member, name, node))

    def _attribute(self, value: AbstractValue, name: str, node: ast.AST) -> AbstractValue:
        handler = self.tables.attributes.get(type(value))
        result: AbstractValue = handler(self, value, name, node) if handler else UNKNOWN
        return result

    def each(
        self, value: AbstractValue, operation: Callable[[AbstractValue], AbstractValue]
    ) -> AbstractValue:
        """Apply an operation to each member of a union, in branches that meet again.

        A member for which it fails is left out, unless it fails for all.
        """
        if not isinstance(value, Union):
            return operation(value)
        base, mark = self.state, self.counter
        results: list[AbstractValue] = []
        states: list[State] = []
        errors: list[RaisedError] = []
        for member in value.members:
            self.state = base.branch()
            self.state.sure = False
            try:
                results.append(operation(member))
                states.append(self.state)
            except RaisedError as error:
                errors.append(error)
        if not states:
            self.state = base
            raise errors[0]
        self.state = join_states(base, states, mark)
        return join(results)

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Undo all effects and events of the evaluations inside."""
        state, count, exits = self.state, len(self.events), len(self.frame.exits)
        secrets, chunks = len(self.used_secrets), len(self.frame.yielded)
        self.state = state.branch()
        try:
            yield
        finally:
            self.state = state
            del self.events[count:]
            del self.frame.exits[exits:]
            del self.frame.yielded[chunks:]
            del self.used_secrets[secrets:]

    @contextmanager
    def inside(self, frame: Frame) -> Iterator[None]:
        """Execute in another frame."""
        outer, self.frame = self.frame, frame
        try:
            yield
        finally:
            self.frame = outer

    def fail(
        self, problem: FailureKind, name: str, node: ast.AST, message: str, help_text: str
    ) -> RaisedError:
        """Return the exception of a failure at a node."""
        failure = CodeFailure(
            problem, self.frame.module, node, message, help_text, self.phase, certain=self.state.sure
        )
        return RaisedError(f"builtins.{name}", failure)

    def scope(self, node: FunctionNode) -> FunctionScope:
        """Return the scope of a function, which is read once."""
        if node not in self._scopes:
            body = [ast.Expr(node.body)] if isinstance(node, ast.Lambda) else node.body
            self._scopes[node] = scope_of_body(body, node.args)
        return self._scopes[node]

    def may_enter(self, node: FunctionNode) -> bool:
        """Return whether a function may be followed once more."""
        return len(self.active) < DEPTH and self.active.count(node) < _RECURSION

    def new_container(self, kind: str, content: Content, origin: ast.AST | None = None) -> Container:
        """Return a new list, dict or set."""
        container = Container(kind, self.number(), ValueOrigin(self.frame.module, origin) if origin else None)
        self.state.write((container.reference, CONTENT), content)
        return container

    def new_instance(self, cls: ClassObject, node: ast.AST | None = None) -> Instance:
        """Return a new instance without attributes."""
        instance = Instance(cls, self.number(), ValueOrigin(self.frame.module, node) if node else None)
        self.set_content(instance, Entries({}))
        return instance

    def origin(self, node: ast.AST) -> ValueOrigin:
        """Return the origin of a value that an expression creates."""
        return ValueOrigin(self.frame.module, node)

    def forget(self, *values: AbstractValue) -> None:
        """Make unknown everything that can be reached from values that unknown code receives."""
        pending, references = list(values), set[int]()
        while pending:
            for value in members(pending.pop()):
                reference = getattr(value, "reference", None)
                if isinstance(value, ModuleObject):
                    self.forget_module(value)
                elif isinstance(value, Container | Instance) and reference not in references:
                    references.add(value.reference)
                    pending += self._forget_one(value)
                else:
                    pending += _inside(value)

    def forget_module(self, module: ModuleObject) -> None:
        """Make the names of a module of the truss unknown."""
        for location in [place for place in self.state.values if place[0] == module.reference]:
            self.state.write(location, UNKNOWN)

    def _forget_one(self, value: Container | Instance) -> list[AbstractValue]:
        content = self.state.content(value.reference)
        is_open = isinstance(value, Instance) or "dict" in value.type
        self.state.write(
            (value.reference, CONTENT), Entries({}, UNKNOWN, UNKNOWN) if is_open else Items((), UNKNOWN)
        )
        if isinstance(content, Entries):
            return content.values()
        return [*content.items, *([content.other] if content.other else [])] if content else []

    def content(self, value: Container | Instance | ClassObject) -> Content:
        """Return the content of a container, or the attributes of an instance or class."""
        content = self.state.content(value.reference)
        if content is not None:
            return content
        is_sequence = isinstance(value, Container) and "dict" not in value.type.lower()
        return Items((), UNKNOWN) if is_sequence else Entries({}, UNKNOWN, UNKNOWN)

    def entries(self, value: Container | Instance | ClassObject) -> Entries:
        """Return the content of a dict, or the attributes of an instance or class."""
        content = self.content(value)
        return content if isinstance(content, Entries) else Entries({}, UNKNOWN, UNKNOWN)

    def set_content(self, value: Container | Instance | ClassObject, content: Content) -> None:
        """Replace the content of a container, or the attributes of an instance or class."""
        self.state.write((value.reference, CONTENT), content)

    def set_attribute(self, value: Instance | ClassObject, name: str, stored_value: AbstractValue) -> None:
        """Set an attribute of an instance or class."""
        entries = self.entries(value)
        self.set_content(value, Entries({**entries.known, name: stored_value}, entries.key, entries.value))

    def frame_in_progress(self, frame: Frame) -> bool:
        """Return whether the body of a module is still being executed."""
        return frame.number in self.executing

    def builtin(self, name: str) -> AbstractValue | None:
        """Return a builtin by name; None if there is none."""
        return LibraryObject(f"builtins.{name}") if hasattr(builtins, name) else None


def _inside(value: AbstractValue) -> list[AbstractValue]:
    """Return the values that a value holds."""
    if hasattr(value, "receiver"):
        return [value.receiver]
    if hasattr(value, "arguments") and isinstance(value.arguments, Arguments):
        return list(value.arguments.values())
    return [*getattr(value, "arguments", ()), *getattr(value, "items", ())]
