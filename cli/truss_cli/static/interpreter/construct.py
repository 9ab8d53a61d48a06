"""Construction of instances, by the kind of their class."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.static.events import FailureKind
from truss_cli.static.interpreter.annotations import annotated_value
from truss_cli.static.interpreter.classes import class_attribute, is_open, lineage
from truss_cli.static.values.values import (
    UNKNOWN,
    AbstractValue,
    Arguments,
    ClassObject,
    Container,
    Descriptor,
    Entries,
    FunctionObject,
    Instance,
    LibraryObject,
    Typed,
    join,
)

if TYPE_CHECKING:
    from truss_cli.static.interpreter.interpreter import AbstractInterpreter
    from truss_cli.static.names.symbols import Module

_SPECIAL = frozenset({"ClassVar", "InitVar", "KW_ONLY", "PrivateAttr"})


class Field(NamedTuple):
    """A field of a dataclass, named tuple or Pydantic model."""

    name: str
    annotation: ast.expr
    module: Module
    default: AbstractValue | None


def construct(
    run: AbstractInterpreter, cls: ClassObject, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    """Return a new instance of a class of the truss."""
    way_out = _abstract_method(run, cls)
    if way_out is not None:
        message = f"`{cls.node.name}` cannot be created: its abstract method `{way_out}` is not defined"
        help_text = f"Define `{way_out}` in `{cls.node.name}`."
        raise run.fail(FailureKind.DEFINITION, "TypeError", node, message, help_text)
    maker = {
        "plain": _plain,
        "library": _plain,
        "dataclass": _from_fields,
        "namedtuple": _from_fields,
        "pydantic": _pydantic,
        "typeddict": _typed_dict,
        "enum": _enum,
    }.get(cls.kind)
    if maker is None:
        run.forget(*arguments.values())
        return UNKNOWN
    return maker(run, cls, arguments, node)


def _abstract_method(run: AbstractInterpreter, cls: ClassObject) -> str | None:
    """Return an abstract method that a class does not define; None if it can be created."""
    bases = lineage(cls)
    if LibraryObject("abc.ABC") not in bases and not any(_has_abstract_meta(base) for base in bases):
        return None
    names = {
        statement.name
        for base in bases
        if isinstance(base, ClassObject)
        for statement in base.node.body
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and _is_abstract(statement)
    }
    for name in sorted(names):
        match = class_attribute(run, cls, name)
        function = match.function if isinstance(match, Descriptor) else match
        node = function.node if isinstance(function, FunctionObject) else None
        if node is not None and not isinstance(node, ast.Lambda) and _is_abstract(node):
            return name
    return None


def _has_abstract_meta(base: AbstractValue) -> bool:
    return isinstance(base, ClassObject) and any(
        "ABCMeta" in ast.dump(item.value) for item in base.node.keywords
    )


def _is_abstract(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        getattr(decorator, "id", getattr(decorator, "attr", "")) == "abstractmethod"
        for decorator in node.decorator_list
    )


def _plain(run: AbstractInterpreter, cls: ClassObject, arguments: Arguments, node: ast.AST) -> AbstractValue:
    new = class_attribute(run, cls, "__new__")
    instance: AbstractValue = UNKNOWN
    if isinstance(new, FunctionObject | Descriptor):
        function = new.function if isinstance(new, Descriptor) else new
        call_arguments = Arguments((cls, *arguments.positional), arguments.keywords, arguments.open)
        instance = run.call(function, call_arguments, node)
        if not isinstance(instance, Instance) or instance.cls != cls:
            return instance
    else:
        instance = run.new_instance(cls, node)
        if is_open(run, cls):
            run.set_content(instance, Entries({}, UNKNOWN, UNKNOWN))
    init = class_attribute(run, cls, "__init__")
    if init is not None:
        call_arguments = Arguments((instance, *arguments.positional), arguments.keywords, arguments.open)
        run.call(init, call_arguments, node)
    elif arguments.values() and not isinstance(new, FunctionObject | Descriptor) and _takes_nothing(run, cls):
        message = f"`{cls.node.name}` takes no arguments: it has no `__init__`"
        help_text = f"Define `__init__` in `{cls.node.name}`, or pass nothing."
        raise run.fail(FailureKind.ARGUMENTS, "TypeError", node, message, help_text)
    return instance


def _takes_nothing(run: AbstractInterpreter, cls: ClassObject) -> bool:
    """Return whether a class has no other `__init__` than that of `object`."""
    neutral = ("builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol")
    return not is_open(run, cls) and all(
        isinstance(base, ClassObject) or (isinstance(base, LibraryObject) and base.name in neutral)
        for base in lineage(cls)
    )


def fields_of(run: AbstractInterpreter, cls: ClassObject) -> list[Field] | None:
    """Return the fields of a class in order; None if they cannot be known."""
    fields: dict[str, Field] = {}
    for base in reversed(lineage(cls)):
        if not isinstance(base, ClassObject) or (cls.kind == "dataclass" and not base.node.decorator_list):
            continue  # a class without the decorator adds no field
        attributes = run.entries(base).known
        for statement in base.node.body:
            if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
                continue
            decorator_node = ast.dump(statement.annotation)
            if any(name in decorator_node for name in _SPECIAL):
                if "ClassVar" in decorator_node:
                    continue
                return None
            name = statement.target.id
            default = attributes.get(name) if statement.value is not None else None
            fields[name] = Field(name, statement.annotation, base.module, default)
    return list(fields.values())


def _from_fields(
    run: AbstractInterpreter, cls: ClassObject, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    if class_attribute(run, cls, "__init__") is not None or class_attribute(run, cls, "__new__") is not None:
        return _plain(run, cls, arguments, node)
    fields = fields_of(run, cls)
    instance = run.new_instance(cls, node)
    if fields is None or any(_is_not_passed(field.default) for field in fields):
        run.set_content(instance, Entries({}, UNKNOWN, UNKNOWN))
        return instance
    run.set_content(instance, Entries(_field_values(run, cls, fields, arguments, node)))
    after = class_attribute(run, cls, "__post_init__")
    if after is not None:
        run.call(after, Arguments((instance,)), node)
    return instance


def _is_not_passed(default: AbstractValue | None) -> bool:
    """Return whether a field is declared with `init=False` or `kw_only=True`."""
    return isinstance(default, Typed) and default.name == "dataclasses.Field" and not default.arguments


def _field_values(
    run: AbstractInterpreter, cls: ClassObject, fields: list[Field], arguments: Arguments, node: ast.AST
) -> dict[object, AbstractValue]:
    values: dict[object, AbstractValue] = {}
    for field, value in zip(fields, arguments.positional, strict=False):
        values[field.name] = value
    names = [field.name for field in fields]
    for name, value in arguments.keywords:
        if name in names:
            values[name] = value
        elif not arguments.open:
            raise _does_not_fit(run, cls, node, f"has no field `{name}`")
    if len(arguments.positional) > len(fields):
        raise _does_not_fit(run, cls, node, f"has {len(fields)} fields, not {len(arguments.positional)}")
    for field in fields:
        if field.name not in values:
            if field.default is None and not arguments.open:
                raise _does_not_fit(run, cls, node, f"requires `{field.name}`, which the call does not pass")
            values[field.name] = default_value(run, field.default, node) if field.default else UNKNOWN
    return values


def default_value(run: AbstractInterpreter, default: AbstractValue, node: ast.AST) -> AbstractValue:
    """Return the value of a field from its default: `field(default_factory=...)` is called."""
    if isinstance(default, Typed) and default.name in ("dataclasses.Field", "pydantic.fields.FieldInfo"):
        kind = default.arguments[0] if default.arguments else UNKNOWN
        if len(default.arguments) > 1:
            return run.call(kind, Arguments(), node)
        return kind
    return default


def _does_not_fit(run: AbstractInterpreter, cls: ClassObject, node: ast.AST, reason: str) -> Exception:
    message = f"`{cls.node.name}` {reason}"
    help_text = f"Pass the fields that `{cls.node.name}` declares."
    return run.fail(FailureKind.ARGUMENTS, "TypeError", node, message, help_text)


def _pydantic(
    run: AbstractInterpreter, cls: ClassObject, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    """Return a Pydantic model: each field is of its annotated type, not of the type of the argument."""
    instance = model_instance(run, cls, arguments, node)
    init = class_attribute(run, cls, "__init__")
    if isinstance(init, FunctionObject):
        run.set_content(instance, Entries({}, UNKNOWN, UNKNOWN))
    return instance


def model_instance(
    run: AbstractInterpreter, cls: ClassObject, arguments: Arguments, node: ast.AST
) -> Instance:
    """Return an instance of a Pydantic model with its fields."""
    instance = run.new_instance(cls, node)
    values: dict[object, AbstractValue] = {}
    for field in fields_of(run, cls) or []:
        value = annotated_value(run, field.annotation, field.module)
        call_arguments = arguments.keyword(field.name)
        if value is UNKNOWN and call_arguments is not None:
            value = join([call_arguments, UNKNOWN]) if has_validators(run, cls) else call_arguments
        values[field.name] = UNKNOWN if has_validators(run, cls) else value
    open_to_more = has_validators(run, cls) or fields_of(run, cls) is None or _allows_extra(cls)
    more = UNKNOWN if open_to_more else None
    run.set_content(instance, Entries(values, more, more))
    return instance


def has_validators(run: AbstractInterpreter, cls: ClassObject) -> bool:
    """Return whether validators of a model may change its fields."""
    for base in lineage(cls):
        if isinstance(base, ClassObject):
            for statement in base.node.body:
                decorators = getattr(statement, "decorator_list", [])
                if any("valid" in ast.dump(decorator) for decorator in decorators):
                    return True
    return False


def _allows_extra(cls: ClassObject) -> bool:
    return any(
        "allow" in ast.dump(statement) and "extra" in ast.dump(statement)
        for statement in cls.node.body
        if isinstance(statement, ast.Assign | ast.ClassDef)
    )


def _typed_dict(
    run: AbstractInterpreter, cls: ClassObject, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    known_entries: dict[object, AbstractValue] = dict(arguments.keywords)
    is_open = arguments.open or bool(arguments.positional)
    first = arguments.positional[0] if arguments.positional else None
    if isinstance(first, Container) and len(arguments.positional) == 1:
        entries = run.entries(first)
        known_entries = {**entries.known, **known_entries}
        is_open = entries.value is not None
    more = UNKNOWN if is_open else None
    return run.new_container("builtins.dict", Entries(known_entries, more, more), node)


def _enum(run: AbstractInterpreter, cls: ClassObject, arguments: Arguments, node: ast.AST) -> AbstractValue:
    return any_member(run, cls)


def any_member(run: AbstractInterpreter, cls: ClassObject) -> AbstractValue:
    """Return a member of an enumeration, without knowledge of which."""
    known_entries = [value for value in run.entries(cls).known.values() if isinstance(value, Instance)]
    if not known_entries:
        return UNKNOWN
    instance = Instance(cls, run.number())
    held_value = [run.entries(member).known.get("value", UNKNOWN) for member in known_entries]
    name = Typed("builtins.str")
    value = join(_widened(item) for item in held_value)
    run.set_content(instance, Entries({"name": name, "value": value, "_value_": value, "_name_": name}))
    return instance


def _widened(value: AbstractValue) -> AbstractValue:
    """Return the type of a constant instead of its value."""
    kind = getattr(value, "type", None)
    return Typed(kind) if isinstance(kind, str) and not isinstance(value, Container) else value
