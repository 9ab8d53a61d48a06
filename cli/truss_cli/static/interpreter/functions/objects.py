"""Functions of functools, contextlib, dataclasses, copy and Pydantic."""

from __future__ import annotations

import ast
import dataclasses
from typing import TYPE_CHECKING

from truss_cli.static.events import FailureKind
from truss_cli.static.interpreter.annotations import annotated_value
from truss_cli.static.interpreter.classes import is_open, lineage
from truss_cli.static.interpreter.construct import model_instance
from truss_cli.static.values.values import (
    NONE,
    UNKNOWN,
    AbstractValue,
    Arguments,
    BoundMethod,
    ClassObject,
    Constant,
    Container,
    Descriptor,
    Entries,
    FunctionObject,
    Instance,
    Items,
    LibraryMethod,
    Partial,
    TupleValue,
    Typed,
    Union,
    constant,
    join,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler

_DEEPEST = 6
_SEQUENCE_AND_START = 2
_DUMPS = ("model_dump", "dict")
_TEXTS = ("model_dump_json", "json")


def _first(arguments: Arguments) -> AbstractValue:
    return arguments.positional[0] if arguments.positional else UNKNOWN


def _identity(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    """Return the function that a decorator receives, or the decorator itself where it is configured."""
    del run, node
    first = _first(arguments)
    is_function = isinstance(first, FunctionObject | Descriptor | ClassObject | BoundMethod)
    return first if is_function else Descriptor("identity", UNKNOWN)


def decorate(
    run: AbstractInterpreter, value: Descriptor, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    """Return the result of a decorator that is kept as a value."""
    del run, node
    first = _first(arguments)
    if value.kind == "setter":
        return Descriptor("property", value.function)
    if value.kind == "wraps" and isinstance(first, FunctionObject):
        return dataclasses.replace(first, wraps=value.function)
    return first


def _wraps(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del run, node
    return Descriptor("wraps", _first(arguments))


def _dataclass(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del run, node
    return _first(arguments) if arguments.positional else Descriptor("dataclass", UNKNOWN)


def _context_manager(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del run, node
    return Descriptor("context", _first(arguments))


def _cached_property(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del run, node
    return Descriptor("cached_property", _first(arguments))


def _partial(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del run, node
    remainder = Arguments(arguments.positional[1:], arguments.keywords, arguments.open)
    return Partial(_first(arguments), remainder)


def _reduce(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    function, *remainder = arguments.positional or (UNKNOWN,)
    if len(remainder) < _SEQUENCE_AND_START:
        return UNKNOWN
    content: Items = run.operation("items of", remainder[0], node)
    element = content.element()
    return (
        join([remainder[1], run.call(function, Arguments((remainder[1], element)), node)])
        if element
        else remainder[1]
    )


def _field(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    """Return the default of a dataclass field or a Pydantic field."""
    del run, node
    factory, default = arguments.keyword("default_factory"), arguments.argument(0, "default")
    kind = "dataclasses.Field" if default is None or not arguments.positional else "pydantic.fields.FieldInfo"
    is_special = any(name in ("init", "kw_only") for name, _ in arguments.keywords)
    if factory is not None and not is_special:
        return Typed(kind, (factory, UNKNOWN))
    return Typed(kind, (default,)) if default is not None and not is_special else Typed(kind)


def _deep_copy(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    first = _first(arguments)
    if isinstance(first, Container):
        return run.new_container(first.type, run.content(first), node)
    if isinstance(first, Instance):
        new_value = run.new_instance(first.cls, node)
        run.set_content(new_value, run.content(first))
        return new_value
    return first


def _asdict(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    value = _first(arguments)
    if not isinstance(value, Instance | Union) or arguments.keyword("dict_factory") is not None:
        return UNKNOWN
    return as_dict(run, value, node, 0)


def as_dict(run: AbstractInterpreter, value: AbstractValue, node: ast.AST, depth: int) -> AbstractValue:
    """Return a value with the instances inside replaced by dicts of their attributes."""
    if depth > _DEEPEST:
        return UNKNOWN
    if isinstance(value, Union):
        return join(as_dict(run, member, node, depth) for member in value.members)
    if isinstance(value, Instance):
        if value.cls.kind not in ("dataclass", "pydantic"):
            return value
        entries = run.entries(value)
        known_entries = {key: as_dict(run, item, node, depth + 1) for key, item in entries.known.items()}
        return run.new_container("builtins.dict", Entries(known_entries, entries.key, entries.value), node)
    if isinstance(value, TupleValue):
        return TupleValue(tuple(as_dict(run, item, node, depth + 1) for item in value.items))
    if isinstance(value, Container):
        return _container_as_dict(run, value, node, depth)
    return value


def _container_as_dict(
    run: AbstractInterpreter, value: Container, node: ast.AST, depth: int
) -> AbstractValue:
    content = run.content(value)

    def inner(item: AbstractValue) -> AbstractValue:
        return as_dict(run, item, node, depth + 1)

    if isinstance(content, Items):
        items = tuple(inner(item) for item in content.items)
        return run.new_container(value.type, Items(items, inner(content.other) if content.other else None))
    known_entries = {key: inner(item) for key, item in content.known.items()}
    return run.new_container(
        value.type, Entries(known_entries, content.key, inner(content.value) if content.value else None)
    )


def _replace(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    value = _first(arguments)
    if not isinstance(value, Instance):
        return UNKNOWN
    new_value = run.new_instance(value.cls, node)
    entries = run.entries(value)
    unknown = [name for name, _ in arguments.keywords if name not in entries.known]
    if unknown and entries.value is None and value.cls.kind in ("dataclass", "namedtuple"):
        message = f"`{value.cls.node.name}` has no field `{unknown[0]}`"
        raise run.fail(FailureKind.ARGUMENTS, "TypeError", node, message, "Correct the name of the field.")
    run.set_content(
        new_value, Entries({**entries.known, **dict(arguments.keywords)}, entries.key, entries.value)
    )
    return new_value


def instance_attribute(
    run: AbstractInterpreter, value: Instance, name: str, node: ast.AST | None = None
) -> AbstractValue | None:
    """Return a method that instances have by the kind of their class; None if there is none."""
    del node
    kind = value.cls.kind
    if name == "__dict__":
        return _namespace_of(run, value)
    if kind == "pydantic" and name in _PYDANTIC_METHODS:
        return LibraryMethod(value, name)
    if kind == "pydantic" and not (
        name.startswith(("model_", "__")) or name in _OF_MODELS or is_open(run, value.cls)
    ):
        return None
    if kind in ("pydantic", "pydantic v1", "root model", "library", "opaque"):
        return UNKNOWN
    if kind == "namedtuple" and name in ("_asdict", "_replace", "_fields", "index", "count"):
        return LibraryMethod(value, name)
    return UNKNOWN if kind == "enum" else None


def _namespace_of(run: AbstractInterpreter, value: Instance) -> AbstractValue:
    """Return the `__dict__` of an instance, through which code may set any attribute."""
    entries = run.entries(value)
    held_value = run.new_container("builtins.dict", entries)
    known_entries = {key: join([item, UNKNOWN]) for key, item in entries.known.items()}
    run.set_content(value, Entries(known_entries, UNKNOWN, UNKNOWN))
    return held_value


_OF_MODELS = frozenset(
    [
        "construct",
        "copy",
        "dict",
        "from_orm",
        "json",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "schema",
        "schema_json",
        "update_forward_refs",
        "validate",
    ]
)
_PYDANTIC_METHODS = (*_DUMPS, *_TEXTS, "model_copy", "copy")


def instance_method(
    run: AbstractInterpreter, owner: Instance, name: str, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    """Return the result of a method that instances have by the kind of their class."""
    if name.startswith("object."):
        return NONE if name == "object.__init__" else UNKNOWN
    if name in _TEXTS:
        return Typed("builtins.str")
    if name in _DUMPS:
        return _dump(run, owner, arguments, node)
    if name in ("model_copy", "copy"):
        return _deep_copy(run, Arguments((owner,)), node)
    if name == "_asdict":
        return run.new_container("builtins.dict", run.entries(owner), node)
    if name == "_replace":
        return _replace(run, Arguments((owner,), arguments.keywords), node)
    return UNKNOWN


def _dump(run: AbstractInterpreter, owner: Instance, arguments: Arguments, node: ast.AST) -> AbstractValue:
    """Return the result of `model_dump`; with `mode="json"` it can always be sent."""
    mode = arguments.keyword("mode")
    changes = any("serializer" in ast.dump(decorator) for decorator in _decorators(run, owner.cls))
    if mode is not None and mode != constant("python"):
        return run.new_container("builtins.dict", Entries({}, Typed("builtins.str"), UNKNOWN), node)
    if changes or arguments.open:
        return UNKNOWN
    dumped_value = as_dict(run, owner, node, 0)
    if isinstance(dumped_value, Container) and any(
        name in ("include", "exclude") for name, _ in arguments.keywords
    ):
        entries = run.entries(dumped_value)
        known_entries = {key: join([item, UNKNOWN]) for key, item in entries.known.items()}
        left_out = _names_of(run, arguments.keyword("exclude"))
        kept_values = {key: value for key, value in known_entries.items() if key not in left_out}
        run.set_content(
            dumped_value,
            Entries({}, Typed("builtins.str"), UNKNOWN) if left_out == {None} else Entries(kept_values),
        )
    return dumped_value


def _names_of(run: AbstractInterpreter, value: AbstractValue | None) -> set[object]:
    """Return the constant strings that a set or dict holds; None among them if others may be."""
    if not isinstance(value, Container):
        return {None}
    content = run.content(value)
    if isinstance(content, Entries):
        return set(content.known) if content.value is None else {None}
    element = content.element()
    members = element.members if isinstance(element, Union) else (element,)
    return {member.value if isinstance(member, Constant) else None for member in members}


def _decorators(run: AbstractInterpreter, cls: ClassObject) -> list[ast.expr]:
    return [
        decorator
        for base in lineage(cls)
        if isinstance(base, ClassObject)
        for statement in base.node.body
        for decorator in getattr(statement, "decorator_list", [])
    ]


def special_class_attribute(run: AbstractInterpreter, cls: ClassObject, name: str) -> AbstractValue | None:
    """Return a method that a class has by its kind; None if there is none."""
    del run
    if cls.kind in ("pydantic", "enum", "namedtuple", "typeddict"):
        return LibraryMethod(cls, name)
    return None


def class_method(
    run: AbstractInterpreter, owner: ClassObject, name: str, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    """Return the result of a method that a class has by its kind."""
    if name == "object.__new__":
        return run.new_instance(owner, node)
    if owner.kind == "pydantic" and name in (
        "model_validate",
        "model_validate_json",
        "parse_obj",
        "parse_raw",
    ):
        return model_instance(run, owner, Arguments(), node)
    if owner.kind == "pydantic" and name == "model_construct":
        return run.call(owner, arguments, node)
    if owner.kind == "pydantic" and name in ("model_json_schema", "schema"):
        return run.new_container("builtins.dict", Entries({}, Typed("builtins.str"), UNKNOWN), node)
    if owner.kind == "namedtuple" and name == "_make":
        return UNKNOWN
    return UNKNOWN


def _type_adapter(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del run, arguments, node
    return UNKNOWN


def _cast(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del run, node
    return arguments.positional[1] if len(arguments.positional) > 1 else UNKNOWN


def _non_member(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del run, node
    return Descriptor("nonmember", _first(arguments))


def _member(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del run, node
    return _first(arguments)


def _auto(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del run, arguments, node
    return Typed("builtins.int")


def _is_coroutine_function(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del run, node
    function = _first(arguments)
    while isinstance(function, BoundMethod):
        function = function.function
    if isinstance(function, FunctionObject):
        return constant(isinstance(function.node, ast.AsyncFunctionDef))
    return Typed("builtins.bool")


def _locals(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del arguments
    return run.new_container("builtins.dict", Entries({}, Typed("builtins.str"), UNKNOWN), node)


def _namespace(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del run, arguments
    del node
    return Typed("types.SimpleNamespace")


def _container_class(
    kind: str, make: Callable[[AbstractInterpreter, Arguments, ast.AST], AbstractValue]
) -> Handler:
    def construct(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
        content = make(run, arguments, node)
        held_value = run.content(content) if isinstance(content, Container) else Items((), UNKNOWN)
        return run.new_container(kind, held_value, node)

    return construct


def _dict_of(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    return run.tables.functions["builtins.dict"](run, arguments, node)  # type: ignore[no-any-return]  # a handler


def _list_of(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    return run.tables.functions["builtins.list"](run, arguments, node)  # type: ignore[no-any-return]  # a handler


def _default_dict(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    """Return a `defaultdict`, whose absent keys hold a new value of its factory."""
    factory = _first(arguments)
    value = run.call(factory, Arguments(), node) if factory not in (UNKNOWN, NONE) else UNKNOWN
    content = Entries({}, UNKNOWN, value)
    return run.new_container("collections.defaultdict", content, node)


def _counter(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    content: Items = run.operation("items of", _first(arguments), node) if arguments.positional else Items()
    entries = Entries({}, content.element() or UNKNOWN, Typed("builtins.int"))
    return run.new_container("collections.Counter", entries, node)


def _chain(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    elements = [run.operation("items of", value, node).element() for value in arguments.positional]
    present = [element for element in elements if element is not None]
    return Typed("itertools.chain", (join(present) if present else UNKNOWN,), run.origin(node))


def _annotated(run: AbstractInterpreter, node: ast.expr) -> AbstractValue:
    return annotated_value(run, node, run.frame.module)


OBJECTS: dict[str, Handler] = {
    "functools.wraps": _wraps,
    "functools.partial": _partial,
    "functools.reduce": _reduce,
    "functools.cached_property": _cached_property,
    **dict.fromkeys(
        [
            "functools.cache",
            "functools.lru_cache",
            "abc.abstractmethod",
            "typing.final",
            "typing.override",
            "typing_extensions.override",
            "typing_extensions.final",
            "typing.overload",
            "typing.no_type_check",
            "typing.runtime_checkable",
            "torch.no_grad",
            "torch.inference_mode",
            "torch.autocast",
            "torch.cuda.amp.autocast",
            "torch.set_grad_enabled",
            "enum.unique",
            "functools.total_ordering",
            "atexit.register",
        ],
        _identity,
    ),
    "contextlib.contextmanager": _context_manager,
    "contextlib.asynccontextmanager": _context_manager,
    "dataclasses.dataclass": _dataclass,
    "pydantic.dataclasses.dataclass": _dataclass,
    "dataclasses.field": _field,
    "dataclasses.asdict": _asdict,
    "dataclasses.replace": _replace,
    "pydantic.Field": _field,
    "copy.copy": _deep_copy,
    "copy.deepcopy": _deep_copy,
    "typing.cast": _cast,
    "types.SimpleNamespace": _namespace,
    "collections.OrderedDict": _container_class("collections.OrderedDict", _dict_of),
    "collections.deque": _container_class("collections.deque", _list_of),
    "collections.defaultdict": _default_dict,
    "collections.Counter": _counter,
    "itertools.chain": _chain,
    "asyncio.iscoroutinefunction": _is_coroutine_function,
    "inspect.iscoroutinefunction": _is_coroutine_function,
    "enum.nonmember": _non_member,
    "enum.member": _member,
    "enum.auto": _auto,
    "builtins.locals": _locals,
    "pydantic.TypeAdapter": _type_adapter,
}
