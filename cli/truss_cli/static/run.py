"""An abstract run of a truss, in the order in which the server runs it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.contract.terms import ENDPOINTS, METHODS, REQUEST
from truss_cli.static.events import (
    CodeFailure,
    Event,
    FailureKind,
    LibraryImport,
    Result,
    ServerStep,
    VariableRead,
)
from truss_cli.static.interpreter.annotations import instance_of, meaning
from truss_cli.static.interpreter.attributes import bind
from truss_cli.static.interpreter.binding import bind_arguments
from truss_cli.static.interpreter.calls import form_of, run_frame, run_generator
from truss_cli.static.interpreter.chunks import unsendable_chunks
from truss_cli.static.interpreter.classes import class_attribute
from truss_cli.static.interpreter.handlers import TABLES
from truss_cli.static.interpreter.imports import execute_module
from truss_cli.static.interpreter.interpreter import (
    AbstractInterpreter,
    Exit,
    Frame,
    OutOfBudgetError,
    RaisedError,
)
from truss_cli.static.interpreter.returned import returned_event, returned_node
from truss_cli.static.interpreter.scope import FunctionScope
from truss_cli.static.interpreter.sending import Encoder
from truss_cli.static.values.state import changed_since, join_states
from truss_cli.static.values.values import (
    JSON,
    NONE,
    UNKNOWN,
    AbstractValue,
    Arguments,
    BoundMethod,
    ClassObject,
    Descriptor,
    Entries,
    FunctionObject,
    Instance,
    Items,
    LibraryObject,
    Partial,
    Pending,
    SecretsValue,
    Typed,
    constant,
    is_none,
    join,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from truss_cli.static.names.symbols import Module, Symbols


_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
"""Nodes of the calls that the server makes; whether they fit is for the contract to say."""
_CERTAIN_KINDS = (CodeFailure, LibraryImport, VariableRead)
"""Events that are certain, or happen in some runs only."""


class ServerInput(NamedTuple):
    """Arguments of a model that depend on the truss."""

    class_name: str
    version: tuple[int, int]
    config: Mapping[str, object] | None
    """The config with its defaults; a value that is `...` is not known. None if nothing is known."""
    has_engine: bool = False
    """True if config.yaml has a `trt_llm` section, which is passed as an argument."""


class RunOutcome(NamedTuple):
    """The events of a run; `complete` if it ended within its budget."""

    events: tuple[Event, ...]
    complete: bool


def run_model(symbols: Symbols, module: Module, server: ServerInput) -> RunOutcome:
    """Run a model as the server does; return the events, each once."""
    run = AbstractInterpreter(symbols, TABLES, server.version)
    run.relative_roots = {module.name.partition(".")[0]}
    run.model_module, run.model_package = module.name, module.name.rpartition(".")[0]
    run.frame = Frame(1, module, FunctionScope())
    complete = True
    try:
        _Server(run, module, server).serve()
    except RaisedError as error:
        _record(run, error)
    except OutOfBudgetError:
        complete = False
        run.events = [event for event in run.events if isinstance(event, _CERTAIN_KINDS) and event.certain]
    return RunOutcome(tuple(_unique(run.events)), complete)


def _unique(events: list[Event]) -> list[Event]:
    """Return the events without those that repeat another at the same node."""
    by_place: dict[object, Event] = {}
    for event in events:
        details = [getattr(event, name, "") for name in ("method", "name", "values")]
        key = (type(event), id(event.node), *details)
        before = by_place.get(key)
        if before is None or (isinstance(event, _CERTAIN_KINDS) and event.certain):
            by_place[key] = event
    return list(by_place.values())


def _record(run: AbstractInterpreter, error: RaisedError) -> None:
    if error.failure is not None and not isinstance(error.failure.node, _DEFINITIONS):
        run.events.append(error.failure)


def shown_function(function: FunctionObject) -> FunctionObject:
    """Return the function whose signature `inspect` shows: that which `functools.wraps` names."""
    while isinstance(function.wraps, FunctionObject):
        function = function.wraps
    return function


class _Server:
    """The steps of the server for one model."""

    def __init__(self, run: AbstractInterpreter, module: Module, server: ServerInput) -> None:
        self.run = run
        self.module = module
        self.server = server

    def serve(self) -> None:
        """Import the module, construct the model, load it, and answer requests."""
        run = self.run
        own_value = execute_module(run, self.module.name, self.module)
        self._record_possible()
        cls = run.state.read((own_value.reference, self.server.class_name))
        if not isinstance(cls, ClassObject | FunctionObject):
            return
        run.phase = ServerStep.CONSTRUCT
        model = self._construct(cls) if isinstance(cls, ClassObject) else self._create(cls)
        self._record_possible()
        if not isinstance(model, Instance):
            return
        self._check_methods(cls)
        run.phase = ServerStep.LOAD
        load = self._method(model, "load")
        if load is not None:
            run.call(load, Arguments(), cls.node)
        elif class_attribute(run, model.cls, "load") is not None:
            run.forget(model)
        self._record_possible()
        run.phase = ServerStep.REQUEST
        self._requests(model)

    def _check_methods(self, cls: ClassObject | FunctionObject) -> None:
        """Report methods of which a decorator leaves None."""
        if not isinstance(cls, ClassObject):
            return
        for statement in cls.node.body:
            name = getattr(statement, "name", "")
            decorators = getattr(statement, "decorator_list", [])
            method = class_attribute(self.run, cls, name) if name in METHODS and decorators else None
            if method is not None and is_none(method):
                message = f"the decorator of `{name}` returns None, which replaces the method"
                help_text = "Return the wrapper from the decorator."
                failing = (FailureKind.DEFINITION, self.module, decorators[0], message, help_text)
                self.run.events.append(CodeFailure(*failing, ServerStep.CONSTRUCT, certain=True))

    def _record_possible(self) -> None:
        """Record the failures of the ways out that not every run takes."""
        for way_out in self.run.frame.exits:
            if way_out.kind == "raise" and way_out.error is not None:
                _record(self.run, way_out.error)
        self.run.frame.exits.clear()

    def _construct(self, cls: ClassObject) -> AbstractValue:
        run = self.run
        init = class_attribute(run, cls, "__init__")
        arguments = Arguments((), (), open=True)
        if isinstance(init, FunctionObject):
            arguments = self._fitting_keywords(init)
        elif init is None and cls.kind == "plain":
            arguments = Arguments()
        return run.call(cls, arguments, cls.node)

    def _create(self, function: FunctionObject) -> AbstractValue:
        """Call a function that a decorator of the class left in its place."""
        return self.run.call(function, self._fitting_keywords(function), function.node)

    def _fitting_keywords(self, function: FunctionObject) -> Arguments:
        """Return the arguments that the server passes by the signature of a function."""
        parameters = shown_function(function).node.args
        names = {parameter.arg for parameter in (*parameters.args, *parameters.kwonlyargs)}
        every = self._server_arguments().items()
        fitting = [(name, value) for name, value in every if parameters.kwarg is not None or name in names]
        return Arguments((), tuple(fitting))

    def _server_arguments(self) -> dict[str, AbstractValue]:
        run = self.run
        environment = run.new_container(
            "builtins.dict", Entries({"name": Typed("builtins.str")}, Typed("builtins.str"), UNKNOWN)
        )
        run.environment = join([NONE, environment])
        config = UNKNOWN if self.server.config is None else self._abstract(self.server.config)
        return {
            "config": config,
            "data_dir": Typed("pathlib.Path"),
            "secrets": SecretsValue(),
            "environment": run.environment,
            "lazy_data_resolver": UNKNOWN,
            **({"trt_llm": UNKNOWN} if self.server.has_engine else {}),
        }

    def _abstract(self, value: object) -> AbstractValue:
        """Return the abstract value of a part of the config."""
        run = self.run
        if value is ...:
            return UNKNOWN
        if isinstance(value, dict):
            known_entries = {str(key): self._abstract(item) for key, item in value.items()}
            container = run.new_container("builtins.dict", Entries(known_entries))
            run.config_containers.add(container.reference)
            return container
        if isinstance(value, list):
            return run.new_container("builtins.list", Items(tuple(self._abstract(item) for item in value)))
        return constant(value) if value is None or isinstance(value, str | int | float | bool) else UNKNOWN

    def _method(self, model: Instance, name: str) -> AbstractValue | None:
        """Return a method of the model; None if it has none, or it is not known."""
        stored_value = self.run.entries(model).known.get(name)
        if stored_value is not None:
            return stored_value if isinstance(stored_value, FunctionObject | BoundMethod) else None
        match = class_attribute(self.run, model.cls, name)
        if isinstance(match, FunctionObject):
            return BoundMethod(match, model)
        if isinstance(match, Descriptor):
            binding = bind(self.run, match, model, model.cls.node)
            return binding if isinstance(binding, FunctionObject | BoundMethod) else None
        return match if isinstance(match, BoundMethod | Instance | Partial) else None

    def _requests(self, model: Instance) -> None:
        """Answer requests: once to learn their effects, then from any state that they may leave."""
        run = self.run
        loaded_state, mark, count = run.state, run.counter, len(run.events)
        run.state = loaded_state.branch()
        after = self._answer(model)
        locations = changed_since(loaded_state, [run.state])
        if after and not any(location[0] <= mark for location in locations):
            return
        del run.events[count:]
        run.state = (
            join_states(loaded_state, [loaded_state.branch(), run.state], mark) if after else loaded_state
        )
        self._answer(model)

    def _answer(self, model: Instance) -> bool:
        """Run each method that answers requests; return whether one of them may end."""
        run = self.run
        has_ended = False
        pipeline = [name for name in ("preprocess", "predict", "postprocess") if self._method(model, name)]
        start, mark = run.state, run.counter
        states = []
        for step in (
            self._pipeline,
            *(self._endpoint(name) for name in (*ENDPOINTS, "is_healthy", "websocket")),
        ):
            run.state = start.branch()
            run.state.sure = True
            try:
                step(model, pipeline)
                states.append(run.state)
                has_ended = True
            except RaisedError as error:
                _record(run, error)
            self._record_possible()
        run.state = join_states(start, states, mark) if states else start
        return has_ended

    def _endpoint(self, name: str) -> Callable[[Instance, list[str]], None]:
        def step(model: Instance, pipeline: list[str]) -> None:
            del pipeline
            method = self._method(model, name)
            if method is None:
                return
            value = Typed("starlette.websockets.WebSocket") if name == "websocket" else JSON
            frame, exits = self._call(method, () if name == "is_healthy" else (value,))
            if name not in ("is_healthy", "websocket"):
                self._record_returned(name, frame, exits)
                self._send(name, exits, main=False)

        return step

    def _pipeline(self, model: Instance, pipeline: list[str]) -> None:
        """Pass a request through the methods, and send the result of the last."""
        if not pipeline:
            return
        run = self.run
        value: AbstractValue | None = None
        exits: list[Exit] = []
        for name in pipeline:
            method = self._method(model, name)
            if method is None:
                return
            call_arguments = self._input(method) if value is None else value
            frame, exits = self._call(method, (call_arguments,))
            self._record_returned(name, frame, exits)
            return_exits = [way_out for way_out in exits if way_out.kind in ("return", "stream")]
            if not return_exits:
                return
            value = join(way_out.value for way_out in return_exits)
            if name != pipeline[-1]:
                run.state.sure = True
        self._send(pipeline[-1], exits, main=True)

    def _input(self, method: AbstractValue) -> AbstractValue:
        """Return the input of a method: JSON, unless it is annotated with a Pydantic model."""
        function = method.function if isinstance(method, BoundMethod) else method
        if not isinstance(function, FunctionObject):
            return JSON
        parameters = [*function.node.args.posonlyargs, *function.node.args.args]
        first = parameters[1 if isinstance(method, BoundMethod) else 0 :][:1]
        annotation = first[0].annotation if first else None
        if (
            annotation is None
            or isinstance(annotation, ast.Constant)
            or function.module.postpones_annotations
        ):
            return JSON
        kind = meaning(self.run, annotation, function.module)
        if isinstance(kind, ClassObject) and kind.kind == "pydantic":
            return instance_of(self.run, kind)
        name = self.run.operation("canonical", kind.name) if isinstance(kind, LibraryObject) else ""
        if name == REQUEST:
            return Typed(REQUEST)
        if isinstance(kind, ClassObject):
            return JSON if kind.kind in ("plain", "dataclass", "typeddict", "namedtuple", "enum") else UNKNOWN
        return JSON if name.startswith(("builtins.", "typing.")) else UNKNOWN

    def _call(
        self, method: AbstractValue, values: tuple[AbstractValue, ...]
    ) -> tuple[Frame | None, list[Exit]]:
        """Call a method as the server does; return its frame, if it has one, and its ways out.

        Raises RaisedError if all of them raise.
        """
        run = self.run
        function = method.function if isinstance(method, BoundMethod) else method
        receiver = (method.receiver,) if isinstance(method, BoundMethod) else ()
        if not isinstance(function, FunctionObject):
            result = run.call(method, Arguments(values), self.module.file.tree or ast.Module([], []))
            return None, [Exit("return", run.state, self._class_node(), self.module, result)]
        values = self._fitting(function, (*receiver, *values), bound_count=len(receiver))
        if form_of(run, function) in ("generator", "async generator"):
            pending = Pending("generator", function, Arguments(values))
            run_generator(run, pending, function.node)
            return None, [Exit("stream", run.state, function.node, function.module, pending)]
        parameters = bind_arguments(run, function, Arguments(values), function.node)
        frame, _ = run_frame(run, function, parameters)
        return frame, [way_out for way_out in frame.exits if way_out.kind == "return"]

    def _class_node(self) -> ast.AST:
        return self.module.file.tree or ast.Module([], [])

    def _fitting(
        self, function: FunctionObject, values: tuple[AbstractValue, ...], *, bound_count: int
    ) -> tuple[AbstractValue, ...]:
        """Return the arguments that the server passes: the input, the request, or both."""
        parameters = [*function.node.args.posonlyargs, *function.node.args.args]
        count = len(parameters) - bound_count
        call_arguments = list(values)
        if function.node.args.vararg is None and count < len(values) - bound_count:
            call_arguments = call_arguments[: bound_count + count]
        if count > len(call_arguments) - bound_count:
            call_arguments.append(Typed(REQUEST))
        return tuple(call_arguments)

    def _record_returned(self, name: str, frame: Frame | None, exits: list[Exit]) -> None:
        """Record the values that a method returns, each in the state in which it returns it."""
        run = self.run
        after = run.state
        for way_out in exits:
            if way_out.kind == "return":
                run.state = way_out.state.branch()
                run.events.append(returned_event(run, name, frame, way_out))
        run.state = after

    def _send(self, name: str, exits: list[Exit], *, main: bool) -> None:
        """Encode the results, each in the state in which the method returns it."""
        run = self.run
        after = run.state
        results: list[Result] = []
        for way_out in exits:
            if way_out.kind == "stream":
                self._send_stream(name, way_out.value)
                continue
            run.state = way_out.state.branch()
            results.append(self._encoded(name, way_out))
        run.state = after
        always = main and bool(results) and all(result.unsendable and result.certain for result in results)
        for result in results:
            if result.unsendable:
                run.events.append(
                    Result(name, result.module, result.node, result.unsendable, result.certain, always=always)
                )

    def _encoded(self, name: str, way_out: Exit) -> Result:
        node = returned_node(way_out)
        value = way_out.value
        if isinstance(value, Pending) and value.kind in ("generator", "async generator"):
            self._send_stream(name, value)
        encoder = Encoder(self.run, way_out.module, node)
        certain = encoder.encode(value) and encoder.certain
        return Result(name, way_out.module, node, tuple(encoder.unsendable), certain, always=False)

    def _send_stream(self, name: str, value: AbstractValue) -> None:
        """Check the chunks that a generator yields."""
        run = self.run
        if not isinstance(value, Pending):
            return
        chunks_ = run.generated.get(id(value))
        if chunks_ is None:
            run_generator(run, value, value.function.node)
            chunks_ = run.generated.get(id(value), [])
        for element, node, module in chunks_:
            with run.inside(Frame(0, module, FunctionScope())):
                chunks, certain = unsendable_chunks(run, element, node)
            if chunks:
                run.events.append(Result(name, module, node, chunks, certain, always=False, streamed=True))
