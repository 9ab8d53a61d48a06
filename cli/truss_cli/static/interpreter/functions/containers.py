"""Methods of lists, dicts, sets, deques, strings and the input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.static.interpreter.functions.builtin import dict_content
from truss_cli.static.interpreter.operators import merge
from truss_cli.static.values.values import (
    JSON,
    NONE,
    UNKNOWN,
    AbstractValue,
    Arguments,
    Constant,
    Container,
    Entries,
    Items,
    Json,
    LibraryMethod,
    TupleValue,
    Typed,
    constant,
    join,
    without_unbound,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler

_ListMethod = "Callable[[AbstractInterpreter, Container, Items, Arguments, ast.AST], AbstractValue | None]"
_MOST_ITEMS = 40
_VIEWS = {
    "keys": "collections.abc.KeysView",
    "values": "collections.abc.ValuesView",
    "items": "collections.abc.ItemsView",
}
_OF_TEXT = frozenset(dir(str)) - frozenset(dir(dict)) - frozenset(dir(list))


def container_method(
    run: AbstractInterpreter, owner: Container, name: str, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    """Return the result of a method of a container; None if the tables know it better."""
    content = run.content(owner)
    if isinstance(content, Items):
        method = _LIST_METHODS.get(name)
        return method(run, owner, content, arguments, node) if method else None
    entry_method = _DICT_METHODS.get(name)
    return entry_method(run, owner, content, arguments, node) if entry_method else None


def _append(
    run: AbstractInterpreter, owner: Container, content: Items, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    del node
    value = arguments.positional[-1] if arguments.positional else UNKNOWN
    is_list = owner.type in ("builtins.list", "collections.deque")
    if (
        content.other is None
        and is_list
        and owner.reference > run.loop_mark
        and len(content.items) < _MOST_ITEMS
    ):
        run.set_content(owner, Items((*content.items, value)))
    else:
        element = content.element()
        run.set_content(owner, Items((), join([element, value]) if element is not None else value))
    return NONE


def _insert(
    run: AbstractInterpreter, owner: Container, content: Items, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    del node
    value = arguments.positional[-1] if arguments.positional else UNKNOWN
    element = content.element()
    run.set_content(owner, Items((), join([element, value]) if element is not None else value))
    return NONE


def _extend(
    run: AbstractInterpreter, owner: Container, content: Items, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    elements = [content.element()]
    for value in arguments.positional:
        added_items: Items = run.operation("items of", value, node)
        elements.append(added_items.element())
    present = [element for element in elements if element is not None]
    run.set_content(owner, Items((), join(present)) if present else Items())
    return NONE


def _pop_item(
    run: AbstractInterpreter, owner: Container, content: Items, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    del node
    element = content.element() or UNKNOWN
    if content.other is None and content.items and not arguments.values() and owner.reference > run.loop_mark:
        run.set_content(owner, Items(content.items[:-1]))
        return content.items[-1]
    run.set_content(owner, Items((), content.element()))
    return element


def _clear(
    run: AbstractInterpreter, owner: Container, content: Items | Entries, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    del node, arguments
    run.set_content(owner, Items() if isinstance(content, Items) else Entries({}))
    return NONE


def _reorder(
    run: AbstractInterpreter, owner: Container, content: Items, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    key = arguments.keyword("key")
    element = content.element()
    if key is not None and element is not None:
        run.call(key, Arguments((element,)), node)
    run.set_content(owner, Items((), element))
    return NONE


def _copy(
    run: AbstractInterpreter, owner: Container, content: Items | Entries, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    del arguments
    return run.new_container(owner.type, content, node)


def _combined_set(
    run: AbstractInterpreter, owner: Container, content: Items, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    elements = [content.element()]
    for value in arguments.positional:
        second: Items = run.operation("items of", value, node)
        elements.append(second.element())
    present = [element for element in elements if element is not None]
    return run.new_container(owner.type, Items((), join(present)) if present else Items(), node)


def _smaller_set(
    run: AbstractInterpreter, owner: Container, content: Items, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    del arguments
    return run.new_container(owner.type, Items((), content.element()), node)


def _get(
    run: AbstractInterpreter, owner: Container, content: Entries, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    del node, owner
    key = arguments.argument(0, "key")
    default = arguments.argument(1, "default") or NONE
    if not isinstance(key, Constant):
        return join([*content.values(), default])
    match = content.known.get(key.value)
    if match is None:
        return join([content.value, default]) if content.value is not None else default
    present = without_unbound(match)
    if present is None:
        return default
    return present if present == match else join([present, default])


def _pop(
    run: AbstractInterpreter, owner: Container, content: Entries, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    result = _get(run, owner, content, arguments, node)
    key = arguments.argument(0, "key")
    if isinstance(key, Constant):
        known_entries = {name: value for name, value in content.known.items() if name != key.value}
        run.set_content(owner, Entries(known_entries, content.key, content.value))
    return result if len(arguments.positional) > 1 else without_none(result)


def without_none(value: AbstractValue | None) -> AbstractValue:
    """Return a value less its None member; unknown if nothing remains."""
    if value is None or value == NONE:
        return UNKNOWN
    kept_values = [member for member in getattr(value, "members", (value,)) if member != NONE]
    return join(kept_values)


def _setdefault(
    run: AbstractInterpreter, owner: Container, content: Entries, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    key = arguments.argument(0, "key") or UNKNOWN
    default = arguments.argument(1, "default") or NONE
    if isinstance(key, Constant) and key.value in content.known:
        present = without_unbound(content.known[key.value])
        result = (
            default
            if present is None
            else join([present, default])
            if present != content.known[key.value]
            else present
        )
    elif content.value is not None:
        result = join([content.value, default])
    else:
        result = default
    run.operation("store item", owner, key, result, node)
    return result


def _update(
    run: AbstractInterpreter, owner: Container, content: Entries, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    run.set_content(owner, merge(content, dict_content(run, arguments, node)))
    return NONE


def _view(name: str) -> Handler:
    def view(
        run: AbstractInterpreter, owner: Container, content: Entries, arguments: Arguments, node: ast.AST
    ) -> AbstractValue | None:
        del arguments
        keys: Items = run.operation("items of", owner, node)
        every = content.values()
        key, value = keys.element(), join(every) if every else None
        if key is None or value is None:
            return Typed(_VIEWS[name], (), run.origin(node))
        element = {"keys": key, "values": value, "items": TupleValue((key, value))}[name]
        if name != "values" and not content.value and len(content.known) == 1:
            element = key if name == "keys" else TupleValue((key, value))
        return Typed(_VIEWS[name], (element,), run.origin(node))

    return view


_LIST_METHODS: dict[str, Callable[..., AbstractValue | None]] = {
    "append": _append,
    "appendleft": _insert,
    "add": _append,
    "insert": _insert,
    "extend": _extend,
    "extendleft": _extend,
    "update": _extend,
    "pop": _pop_item,
    "popleft": _pop_item,
    "clear": _clear,
    "sort": _reorder,
    "reverse": _reorder,
    "copy": _copy,
    "union": _combined_set,
    "symmetric_difference": _combined_set,
    "intersection": _smaller_set,
    "difference": _smaller_set,
}
_DICT_METHODS: dict[str, Callable[..., AbstractValue | None]] = {
    "get": _get,
    "pop": _pop,
    "setdefault": _setdefault,
    "update": _update,
    "clear": _clear,
    "copy": _copy,
    "keys": _view("keys"),
    "values": _view("values"),
    "items": _view("items"),
}


def json_method(
    run: AbstractInterpreter, owner: Json, name: str, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    """Return the result of a method of the input, whose type the method tells."""
    del owner
    if name in _VIEWS:
        text = Typed("builtins.str")
        element = {"keys": text, "values": JSON, "items": TupleValue((text, JSON))}[name]
        return Typed(_VIEWS[name], (element,), run.origin(node))
    if name == "get":
        default = arguments.argument(1, "default") or NONE
        return join([JSON, default]) if default != NONE else JSON
    if name in ("pop", "setdefault", "copy"):
        return JSON
    if name in ("append", "extend", "update", "clear", "sort", "reverse", "insert"):
        return NONE
    if name in _OF_TEXT:
        return run.operation("call library method", _text_method(name), arguments, node)  # type: ignore[no-any-return]  # an operation returns Any
    return Typed("builtins.int") if name in ("count", "index") else UNKNOWN


def _text_method(name: str) -> AbstractValue:
    return LibraryMethod(Typed("builtins.str"), name)


def text_method(
    run: AbstractInterpreter, owner: Constant | Typed, name: str, arguments: Arguments, node: ast.AST
) -> AbstractValue | None:
    """Return the result of a method of a known string that keeps it known; None for all others."""
    text = owner.value if isinstance(owner, Constant) else None
    if isinstance(text, str) and not arguments.values() and name in ("strip", "lower", "upper", "title"):
        return constant(getattr(text, name)())
    if (
        getattr(owner, "type", getattr(owner, "name", "")) in ("builtins.str", "builtins.bytes")
        and name == "join"
    ):
        run.operation("items of", arguments.positional[0] if arguments.positional else UNKNOWN, node)
    return None


METHODS: dict[type, Handler] = {
    Container: container_method,
    Json: json_method,
    Constant: text_method,
}
