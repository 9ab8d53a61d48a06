"""Builtin functions and classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.static.interpreter.classes import constant_text, is_subclass, lineage
from truss_cli.static.interpreter.interpreter import RaisedError
from truss_cli.static.interpreter.truth import truth
from truss_cli.static.values.values import (
    JSON,
    UNKNOWN,
    AbstractValue,
    Arguments,
    ClassObject,
    Constant,
    Container,
    Descriptor,
    Entries,
    Instance,
    Items,
    Json,
    LibraryObject,
    TupleValue,
    Typed,
    Union,
    constant,
    is_none,
    join,
    members,
    type_name,
    without_unbound,
)

if TYPE_CHECKING:
    import ast

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler

_PAIR = 2
_INTEGER = Typed("builtins.int")
_ABSTRACT = ("typing.", "collections.abc.", "numbers.")


def _items(run: AbstractInterpreter, arguments: Arguments, node: ast.AST, index: int = 0) -> Items:
    if index >= len(arguments.positional):
        return Items((), UNKNOWN) if arguments.open else Items()
    content: Items = run.operation("items of", arguments.positional[index], node)
    return content


def _list(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    return run.new_container("builtins.list", _items(run, arguments, node), node)


def _sorted(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    content = _items(run, arguments, node)
    _call_with_element(run, arguments.keyword("key"), content, node)
    element = content.element()
    if content.other is None and len(content.items) > 0:
        return run.new_container("builtins.list", Items((element or UNKNOWN,) * len(content.items)), node)
    return run.new_container("builtins.list", Items((), element), node)


def _call_with_element(
    run: AbstractInterpreter, function: AbstractValue | None, content: Items, node: ast.AST
) -> AbstractValue:
    element = content.element()
    if function is None or is_none(function) or element is None:
        return UNKNOWN
    return run.call(function, Arguments((element,)), node)


def _tuple(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    content = _items(run, arguments, node)
    if content.other is None:
        return TupleValue(content.items, run.origin(node))
    return Typed("builtins.tuple", (content.element() or UNKNOWN,), run.origin(node))


def _set(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    return run.new_container("builtins.set", Items((), _items(run, arguments, node).element()), node)


def _frozenset(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    content = Items((), _items(run, arguments, node).element())
    return run.new_container("builtins.frozenset", content, node)


def dict_content(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> Entries:
    """Return the content of `dict(...)`."""
    content = Entries({})
    if arguments.positional:
        first = arguments.positional[0]
        if isinstance(first, Container) and "dict" in first.type.lower():
            content = run.entries(first)
        elif isinstance(first, Json):
            content = Entries({}, Typed("builtins.str"), JSON)
        else:
            content = _from_pairs(run, _items(run, arguments, node))
    class_name = {**content.known, **dict(arguments.keywords)}
    if arguments.open:
        return Entries(class_name, UNKNOWN, UNKNOWN)
    return Entries(class_name, content.key, content.value)


def _from_pairs(run: AbstractInterpreter, content: Items) -> Entries:
    """Return the content of a dict of pairs."""
    pairs = [item for item in content.items if isinstance(item, TupleValue) and len(item.items) == _PAIR]
    if content.other is None and len(pairs) == len(content.items):
        keys = [pair.items[0] for pair in pairs]
        if all(isinstance(key, Constant) for key in keys):
            return Entries(
                {pair.items[0].value: pair.items[1] for pair in pairs if isinstance(pair.items[0], Constant)}
            )
    element = content.element()
    if isinstance(element, TupleValue) and len(element.items) == _PAIR:
        return Entries({}, *element.items)
    return Entries({}, UNKNOWN, UNKNOWN) if element is not None else Entries({})


def _dict(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    return run.new_container("builtins.dict", dict_content(run, arguments, node), node)


def _enumerate(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    content = _items(run, arguments, node)
    element = content.element()
    inner = (TupleValue((_INTEGER, element)),) if element is not None else ()
    return Typed("builtins.enumerate", inner, run.origin(node))


def _zip(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    contents = [_items(run, arguments, node, index) for index in range(len(arguments.positional))]
    elements = [content.element() for content in contents]
    if None in elements:
        return Typed("builtins.zip", (), run.origin(node))
    pair = TupleValue(tuple(element for element in elements if element is not None))
    return Typed("builtins.zip", (UNKNOWN if arguments.open else pair,), run.origin(node))


def _map(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    function, *_ = arguments.positional or (UNKNOWN,)
    elements = [
        _items(run, arguments, node, index).element() for index in range(1, len(arguments.positional))
    ]
    if None in elements or not elements:
        return Typed("builtins.map", (), run.origin(node))
    call_arguments = Arguments(tuple(element for element in elements if element is not None))
    return Typed("builtins.map", (run.call(function, call_arguments, node),), run.origin(node))


def _filter(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    content = _items(run, arguments, node, 1)
    _call_with_element(run, arguments.positional[0] if arguments.positional else None, content, node)
    element = content.element()
    return Typed("builtins.filter", (element,) if element is not None else (), run.origin(node))


def _reversed(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    element = _items(run, arguments, node).element()
    return Typed("builtins.reversed", (element,) if element is not None else (), run.origin(node))


def _range(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    return Typed("builtins.range", (_INTEGER,), run.origin(node))


def _extreme(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    """Return the result of `max` or `min`."""
    content = _items(run, arguments, node) if len(arguments.positional) == 1 else Items(arguments.positional)
    _call_with_element(run, arguments.keyword("key"), content, node)
    default = arguments.keyword("default")
    element = content.element()
    every = [value for value in (element, default) if value is not None]
    return join(every) if every and not arguments.open else UNKNOWN


def _sum(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    content = _items(run, arguments, node)
    element = content.element()
    if len(arguments.positional) > 1 or arguments.keywords or element is None:
        return UNKNOWN if element is not None else _INTEGER
    kinds = {type_name(member) for member in members(element)}
    if kinds <= {"builtins.int", "builtins.bool"}:
        return _INTEGER
    return Typed("builtins.float") if kinds <= {"builtins.int", "builtins.float"} else _sum_of(element)


def _sum_of(element: AbstractValue) -> AbstractValue:
    kind = type_name(element) or ""
    is_number = kind in ("decimal.Decimal", "fractions.Fraction") or kind.startswith("numpy.")
    return JSON if isinstance(element, Json) else element if is_number else UNKNOWN


def _next(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    content = _items(run, arguments, node)
    element = content.element()
    default = arguments.positional[1] if len(arguments.positional) > 1 else None
    every = [value for value in (element, default) if value is not None]
    return join(every) if every else UNKNOWN


def _iter(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    if len(arguments.positional) != 1:
        return UNKNOWN
    first = arguments.positional[0]
    method = run.operation("class attribute", first.cls, "__iter__") if isinstance(first, Instance) else None
    if method is not None:
        return run.call(method, Arguments((first,)), node)
    element = _items(run, arguments, node).element()
    return Typed("typing.Iterator", (element,) if element is not None else (UNKNOWN,), run.origin(node))


def _isinstance(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    if len(arguments.positional) != _PAIR:
        return Typed("builtins.bool")
    value, kinds = arguments.positional
    outcome = is_instance(run, value, kinds)
    return Typed("builtins.bool") if outcome is None else constant(outcome)


def is_instance(run: AbstractInterpreter, value: AbstractValue, kinds: AbstractValue) -> bool | None:
    """Return whether a value is an instance of one of the classes; None if that is not known."""
    if isinstance(value, Union):
        outcomes = {is_instance(run, member, kinds) for member in value.members}
        return outcomes.pop() if len(outcomes) == 1 else None
    classes = kinds.items if isinstance(kinds, TupleValue) else (kinds,)
    results = [_is_one(run, value, kind) for kind in classes]
    return True if True in results else None if None in results else False


def _is_one(run: AbstractInterpreter, value: AbstractValue, kind: AbstractValue) -> bool | None:
    if isinstance(value, Instance):
        return _is_own_instance(run, value, kind)
    if not isinstance(kind, LibraryObject):
        return False if isinstance(kind, ClassObject) and isinstance(value, Constant | Container) else None
    wanted_type = run.operation("canonical", kind.name)
    if isinstance(value, Json):
        json_types = ("dict", "list", "str", "int", "float", "bool", "bytes")
        plain = wanted_type.removeprefix("builtins.") in json_types or wanted_type.startswith(_ABSTRACT)
        return (
            None
            if plain or wanted_type == "builtins.NoneType" or not wanted_type.startswith("builtins.")
            else False
        )
    given_type = type_name(value)
    if given_type is None:
        return None
    ancestors = run.operation("mro", given_type)
    if given_type == wanted_type or wanted_type in ancestors or wanted_type == "builtins.object":
        return True
    return (
        False
        if ancestors and wanted_type.startswith("builtins.")
        else None
        if wanted_type.startswith(_ABSTRACT)
        else _disjoint(run, given_type, wanted_type)
    )


def _disjoint(run: AbstractInterpreter, given_type: str, wanted_type: str) -> bool | None:
    class_name = run.operation("mro", given_type) and (
        run.operation("mro", wanted_type) or given_type.startswith("builtins.")
    )
    return False if class_name and wanted_type not in run.operation("mro", given_type) else None


def _is_own_instance(run: AbstractInterpreter, value: Instance, kind: AbstractValue) -> bool | None:
    if isinstance(kind, ClassObject):
        return kind in lineage(value.cls) or (None if run.operation("is open", value.cls) else False)
    if isinstance(kind, LibraryObject):
        wanted_type = run.operation("canonical", kind.name)
        if is_subclass(run, value.cls, (wanted_type,)):
            return True
        return None if run.operation("is open", value.cls) or wanted_type.startswith(_ABSTRACT) else False
    return None


def _getattr(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    if len(arguments.positional) < _PAIR:
        return UNKNOWN
    name = constant_text(arguments.positional[1])
    if name is None:
        return UNKNOWN
    default = arguments.positional[2] if len(arguments.positional) > _PAIR else None
    try:
        value = run.attribute(arguments.positional[0], name, node)
    except RaisedError:
        if default is None:
            raise
        return default
    return join([value, default]) if default is not None and value is UNKNOWN else value


def _setattr(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    owner, *remainder = arguments.positional or (UNKNOWN,)
    name = constant_text(remainder[0]) if remainder else None
    for member in members(owner):
        if isinstance(member, Instance | ClassObject):
            if name is not None and len(remainder) > 1:
                run.set_attribute(member, name, remainder[1])
            else:
                entries = run.entries(member)
                class_name = {key: join([value, UNKNOWN]) for key, value in entries.known.items()}
                run.set_content(member, Entries(class_name, UNKNOWN, UNKNOWN))
        else:
            run.operation("patch", member, name)
    return constant(None)


def _hasattr(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    name = constant_text(arguments.positional[1]) if len(arguments.positional) > 1 else None
    if name is None:
        return Typed("builtins.bool")
    results: set[bool | None] = set()
    for member in members(arguments.positional[0]):
        if isinstance(member, Json) or not isinstance(member, Instance | ClassObject | Constant | Container):
            results.add(None)
            continue
        stored_value = run.entries(member).known.get(name) if isinstance(member, Instance) else None
        if stored_value is not None and without_unbound(stored_value) != stored_value:
            results.add(None)
            continue
        with run.muted():
            try:
                value = run.attribute(member, name, node)
                outcome = None if value is UNKNOWN else True
                results |= {outcome}
            except RaisedError:
                results |= {False}
    return constant(results.pop()) if len(results) == 1 and None not in results else Typed("builtins.bool")


def _len(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    value = arguments.positional[0] if arguments.positional else UNKNOWN
    if isinstance(value, Instance):
        method = run.operation("class attribute", value.cls, "__len__")
        return run.call(method, Arguments((value,)), node) if method is not None else _INTEGER
    if isinstance(value, TupleValue):
        return constant(len(value.items))
    if isinstance(value, Container):
        content = run.content(value)
        if isinstance(content, Items) and content.other is None and "set" not in value.type:
            return constant(len(content.items))
    return _INTEGER


def _str(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    value = arguments.positional[0] if arguments.positional else constant("")
    if isinstance(value, Constant) and isinstance(value.value, str | int | bool):
        return constant(str(value.value))
    if isinstance(value, Instance):
        method = run.operation("class attribute", value.cls, "__str__")
        if method is not None:
            run.call(method, Arguments((value,)), node)
    return Typed("builtins.str")


def _bool(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    outcome = truth(run, arguments.positional[0]) if arguments.positional else False
    return Typed("builtins.bool") if outcome is None else constant(outcome)


def _type(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    if len(arguments.positional) != 1:
        return UNKNOWN
    value = arguments.positional[0]
    if isinstance(value, Instance):
        return value.cls
    name = type_name(value)
    return LibraryObject(name) if name else UNKNOWN


def _vars(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    value = arguments.positional[0] if arguments.positional else UNKNOWN
    if isinstance(value, Instance):
        return run.new_container("builtins.dict", run.entries(value), node)
    run.forget(value)
    return UNKNOWN


def _property(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    return Descriptor("property", arguments.positional[0]) if arguments.positional else UNKNOWN


def _classmethod(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    return Descriptor("classmethod", arguments.positional[0]) if arguments.positional else UNKNOWN


def _staticmethod(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    return Descriptor("staticmethod", arguments.positional[0]) if arguments.positional else UNKNOWN


def _abs(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    value = arguments.positional[0] if arguments.positional else UNKNOWN
    return (
        Typed(value.type)
        if isinstance(value, Constant)
        else value
        if isinstance(value, Typed | Json)
        else UNKNOWN
    )


def _open(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    mode = arguments.argument(1, "mode")
    text = constant_text(mode) if mode is not None else "r"
    if text is None:
        return UNKNOWN
    return Typed("io.BufferedReader" if "b" in text else "io.TextIOWrapper", (), run.origin(node))


def _round(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    value = arguments.positional[0] if arguments.positional else UNKNOWN
    kind = type_name(value) or ""
    if kind in ("builtins.float", "builtins.int"):
        digits = len(arguments.positional) > 1 or bool(arguments.keywords)
        return Typed("builtins.float" if digits and kind == "builtins.float" else "builtins.int")
    package_result: AbstractValue | None = run.operation(
        "measured", f"{kind}.__round__", Arguments(arguments.positional[1:])
    )
    return package_result or UNKNOWN


def _number(kind: str) -> Handler:
    def convert(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
        return Typed(kind)

    return convert


def _open_scope(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    run.frame.module.scope.open = True
    run.forget(*arguments.values())
    run.forget_module(run.modules[run.frame.module.name])
    return UNKNOWN


def _any_true(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    _items(run, arguments, node)
    return Typed("builtins.bool")


BUILTINS: dict[str, Handler] = {
    "builtins.list": _list,
    "builtins.sorted": _sorted,
    "builtins.tuple": _tuple,
    "builtins.set": _set,
    "builtins.frozenset": _frozenset,
    "builtins.dict": _dict,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "builtins.reversed": _reversed,
    "builtins.range": _range,
    "builtins.max": _extreme,
    "builtins.min": _extreme,
    "builtins.sum": _sum,
    "builtins.next": _next,
    "builtins.anext": _next,
    "builtins.iter": _iter,
    "builtins.aiter": _iter,
    "builtins.isinstance": _isinstance,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.hasattr": _hasattr,
    "builtins.len": _len,
    "builtins.str": _str,
    "builtins.repr": _str,
    "builtins.bool": _bool,
    "builtins.any": _any_true,
    "builtins.all": _any_true,
    "builtins.int": _number("builtins.int"),
    "builtins.float": _number("builtins.float"),
    "builtins.bytes": _number("builtins.bytes"),
    "builtins.bytearray": _number("builtins.bytearray"),
    "builtins.complex": _number("builtins.complex"),
    "builtins.type": _type,
    "builtins.vars": _vars,
    "builtins.property": _property,
    "builtins.classmethod": _classmethod,
    "builtins.staticmethod": _staticmethod,
    "builtins.abs": _abs,
    "builtins.round": _round,
    "builtins.open": _open,
    "io.open": _open,
    "builtins.exec": _open_scope,
    "builtins.globals": _open_scope,
}
