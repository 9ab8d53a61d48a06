"""Evaluation of expressions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from truss_cli.static.interpreter.names import bind_name, read_name
from truss_cli.static.values.values import (
    JSON,
    NONE,
    UNBOUND,
    UNKNOWN,
    AbstractValue,
    Arguments,
    Constant,
    Container,
    Entries,
    FunctionObject,
    Instance,
    Items,
    Json,
    TupleValue,
    Typed,
    constant,
    join,
    members,
)

if TYPE_CHECKING:
    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler

_MOST_ITEMS = 40
"""Items of a sequence that are known one by one."""


def _constant(run: AbstractInterpreter, node: ast.Constant) -> AbstractValue:
    return constant(node.value, run.origin(node))


def _joined_string(run: AbstractInterpreter, node: ast.JoinedStr) -> AbstractValue:
    parts: list[str] | None = []
    for part in node.values:
        text = _formatted(run, part)
        parts = [*parts, text] if text is not None and parts is not None else None
    return constant("".join(parts)) if parts is not None else Typed("builtins.str")


def _formatted(run: AbstractInterpreter, part: ast.expr) -> str | None:
    """Return the text of a part of an f-string; None if it is not known."""
    if isinstance(part, ast.Constant):
        return str(part.value)
    if not isinstance(part, ast.FormattedValue):
        return None
    value = run.evaluate(part.value)
    is_plain = part.conversion == -1 and part.format_spec is None
    return str(value.value) if is_plain and isinstance(value, Constant) else None


def _tuple(run: AbstractInterpreter, node: ast.Tuple) -> AbstractValue:
    items = _items(run, node.elts)
    if items.other is None and len(items.items) <= _MOST_ITEMS:
        return TupleValue(items.items, run.origin(node))
    return Typed("builtins.tuple", (items.element() or UNKNOWN,), run.origin(node))


def _list(run: AbstractInterpreter, node: ast.List) -> AbstractValue:
    return run.new_container("builtins.list", _items(run, node.elts), node)


def _set(run: AbstractInterpreter, node: ast.Set) -> AbstractValue:
    return run.new_container("builtins.set", Items((), _items(run, node.elts).element()), node)


def _items(run: AbstractInterpreter, nodes: list[ast.expr]) -> Items:
    """Return the content of a display, including iterables spread in it."""
    items: list[AbstractValue] = []
    other_values: list[AbstractValue] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            spread: Items = run.operation("items of", run.evaluate(node.value), node.value)
            items += [] if other_values else spread.items
            other_values += [
                *(spread.items if other_values else ()),
                *([spread.other] if spread.other else []),
            ]
        else:
            value = run.evaluate(node)
            (other_values or items).append(value)
    if len(items) > _MOST_ITEMS:
        return Items((), join([*items, *other_values]))
    return Items(tuple(items), join(other_values) if other_values else None)


def _dict(run: AbstractInterpreter, node: ast.Dict) -> AbstractValue:
    known_entries: dict[object, AbstractValue] = {}
    keys: list[AbstractValue] = []
    values: list[AbstractValue] = []
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        if key_node is None:
            _spread(run, run.evaluate(value_node), known_entries, keys, values)
            continue
        key = run.evaluate(key_node)
        value = run.evaluate(value_node)
        if isinstance(key, Constant):
            known_entries[key.value] = value
        elif is_never_json_key(key):
            known_entries[key] = value
        else:
            keys.append(key)
            values.append(value)
    content = Entries(known_entries, join(keys) if keys else None, join(values) if values else None)
    return run.new_container("builtins.dict", content, node)


def is_never_json_key(key: AbstractValue) -> bool:
    """Return whether a key is of a type that no constant has, so that it hides no other key."""
    if isinstance(key, Typed):
        return key.name not in ("builtins.str", "builtins.int", "builtins.float", "builtins.bool")
    return isinstance(key, TupleValue | Instance)


def _spread(
    run: AbstractInterpreter,
    spread: AbstractValue,
    known_entries: dict[object, AbstractValue],
    keys: list[AbstractValue],
    values: list[AbstractValue],
) -> None:
    """Add the entries of `**spread` to a dict display."""
    if isinstance(spread, Container) and isinstance(run.content(spread), Entries):
        entries = run.entries(spread)
        for key, value in entries.known.items():
            absent_before = known_entries.get(key)
            known_entries[key] = (
                join([value, absent_before]) if absent_before and UNBOUND in members(value) else value
            )
        keys += [entries.key] if entries.key else []
        values += [entries.value] if entries.value else []
        if entries.value is not None:  # any key may be replaced
            known_entries.update({key: join([value, entries.value]) for key, value in known_entries.items()})
    else:
        second = JSON if isinstance(spread, Json) else UNKNOWN
        known_entries.update({key: join([value, second]) for key, value in known_entries.items()})
        keys.append(Typed("builtins.str"))
        values.append(second)


def _attribute(run: AbstractInterpreter, node: ast.Attribute) -> AbstractValue:
    return run.attribute(run.evaluate(node.value), node.attr, node)


def _subscript(run: AbstractInterpreter, node: ast.Subscript) -> AbstractValue:
    value = run.evaluate(node.value)
    key = run.evaluate(node.slice)
    run.operation("subscripted", value, node)
    return run.each(value, lambda member: run.operation("item", member, key, node))


def _slice(run: AbstractInterpreter, node: ast.Slice) -> AbstractValue:
    for part in (node.lower, node.upper, node.step):
        if part is not None:
            run.evaluate(part)
    return Typed("builtins.slice")


def _call(run: AbstractInterpreter, node: ast.Call) -> AbstractValue:
    special = run.operation("special call", node)
    if special is not None:
        return special  # type: ignore[no-any-return]  # an operation returns Any
    function = run.evaluate(node.func)
    arguments = evaluate_arguments(run, node)
    return run.call(function, arguments, node)


def evaluate_arguments(run: AbstractInterpreter, node: ast.Call) -> Arguments:
    """Return the arguments that a call passes."""
    positional: list[AbstractValue] = []
    keywords: dict[str, AbstractValue] = {}
    is_open = False
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            spread: Items = run.operation("items of", run.evaluate(argument.value), argument.value)
            positional += spread.items
            is_open = is_open or spread.other is not None
            run.spread = spread.other
        else:
            positional.append(run.evaluate(argument))
    for keyword in node.keywords:
        value = run.evaluate(keyword.value)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
        elif isinstance(value, Container):
            entries = run.entries(value)
            keywords |= {str(key): item for key, item in entries.known.items()}
            is_open = is_open or entries.value is not None
        else:
            is_open = True
    return Arguments(tuple(positional), tuple(keywords.items()), is_open)


def _conditional(run: AbstractInterpreter, node: ast.IfExp) -> AbstractValue:
    result: AbstractValue = run.operation(
        "choose", node.test, lambda: run.evaluate(node.body), lambda: run.evaluate(node.orelse)
    )
    return result


def _bool_op(run: AbstractInterpreter, node: ast.BoolOp) -> AbstractValue:
    """Evaluate `and` and `or` from left to right, each later part only where it is reached."""
    value = run.evaluate(node.values[0])
    for test, following in zip(node.values, node.values[1:], strict=False):
        stays = isinstance(node.op, ast.Or)
        outcome = run.operation("truth", value)
        if outcome is stays:
            return value
        if outcome is None:
            way_out = run.operation("with truth", value, stays)
            right: AbstractValue | None = run.operation("where", test, not stays, following)
            value = (
                join([*([way_out] if way_out else []), *([right] if right else [])])
                if way_out or right
                else value
            )
        else:
            value = run.evaluate(following)
    return value


def _lambda(run: AbstractInterpreter, node: ast.Lambda) -> AbstractValue:
    run.frame.scope.captured = True
    return FunctionObject(
        node, run.frame.module, run.number(), default_values(run, node.args), _frame(run), None
    )


def _frame(run: AbstractInterpreter) -> int:
    return run.frame.number if run.frame.function or run.frame.parent else 0


def default_values(run: AbstractInterpreter, arguments: ast.arguments) -> tuple[AbstractValue | None, ...]:
    """Return the default values of parameters; None for a required one."""
    positional = [*arguments.posonlyargs, *arguments.args]
    required_count = len(positional) - len(arguments.defaults)
    values: list[AbstractValue | None] = [None] * required_count
    values += [run.evaluate(default) for default in arguments.defaults]
    values += [run.evaluate(default) if default else None for default in arguments.kw_defaults]
    return tuple(values)


def _named(run: AbstractInterpreter, node: ast.NamedExpr) -> AbstractValue:
    value = run.evaluate(node.value)
    bind_name(run, node.target.id, value)
    return value


def _await(run: AbstractInterpreter, node: ast.Await) -> AbstractValue:
    value = run.evaluate(node.value)
    return run.each(value, lambda member: run.operation("await", member, node))


def _yield(run: AbstractInterpreter, node: ast.Yield) -> AbstractValue:
    value = run.evaluate(node.value) if node.value else NONE
    run.frame.yielded.append((value, node.value or node, run.frame.module))
    return UNKNOWN


def _yield_from(run: AbstractInterpreter, node: ast.YieldFrom) -> AbstractValue:
    content: Items = run.operation("items of", run.evaluate(node.value), node.value)
    for value in (*content.items, *([content.other] if content.other else [])):
        for member in members(value):
            run.frame.yielded.append((member, node.value, run.frame.module))
    return UNKNOWN


def _starred(run: AbstractInterpreter, node: ast.Starred) -> AbstractValue:
    run.evaluate(node.value)
    return UNKNOWN


EXPRESSIONS: dict[type, Handler] = {
    ast.Constant: _constant,
    ast.JoinedStr: _joined_string,
    ast.Name: read_name,
    ast.Tuple: _tuple,
    ast.List: _list,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Call: _call,
    ast.IfExp: _conditional,
    ast.BoolOp: _bool_op,
    ast.Lambda: _lambda,
    ast.NamedExpr: _named,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
    ast.Starred: _starred,
}
