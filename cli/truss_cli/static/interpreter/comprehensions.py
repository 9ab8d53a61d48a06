"""Comprehensions and generator expressions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from truss_cli.static.interpreter.interpreter import Frame
from truss_cli.static.interpreter.narrowing import assume, decide
from truss_cli.static.interpreter.scope import FunctionScope
from truss_cli.static.interpreter.targets import assign
from truss_cli.static.values.state import State, join_states
from truss_cli.static.values.values import (
    AbstractValue,
    Constant,
    Entries,
    Items,
    Typed,
    join,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler

_MOST_UNROLLED = 8
"""Items of a display that a comprehension follows one by one."""


def _list(run: AbstractInterpreter, node: ast.ListComp) -> AbstractValue:
    return run.new_container("builtins.list", _collect(run, node, lambda: run.evaluate(node.elt)), node)


def _set(run: AbstractInterpreter, node: ast.SetComp) -> AbstractValue:
    content = _collect(run, node, lambda: run.evaluate(node.elt))
    return run.new_container("builtins.set", Items((), content.element()), node)


def _generator(run: AbstractInterpreter, node: ast.GeneratorExp) -> AbstractValue:
    content = _collect(run, node, lambda: run.evaluate(node.elt))
    is_async = any(generator.is_async for generator in node.generators)
    kind = "types.AsyncGeneratorType" if is_async else "types.GeneratorType"
    element = content.element()
    return Typed(kind, (element,) if element is not None else (), run.origin(node))


def _dict(run: AbstractInterpreter, node: ast.DictComp) -> AbstractValue:
    pairs: list[tuple[AbstractValue, AbstractValue]] = []

    def pair() -> AbstractValue:
        key = run.evaluate(node.key)
        pairs.append((key, run.evaluate(node.value)))
        return key

    content = _collect(run, node, pair)
    exact = content.other is None and len(content.items) == len(pairs)
    if exact and all(isinstance(key, Constant) for key, _ in pairs):
        known_entries = {key.value: value for key, value in pairs if isinstance(key, Constant)}
        return run.new_container("builtins.dict", Entries(known_entries), node)
    if not pairs:
        return run.new_container("builtins.dict", Entries({}), node)
    key, value = join(key for key, _ in pairs), join(value for _, value in pairs)
    return run.new_container("builtins.dict", Entries({}, key, value), node)


def _collect(
    run: AbstractInterpreter,
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
    element: Callable[[], AbstractValue],
) -> Items:
    """Return the elements of a comprehension, whose variables are bound in a frame inside."""
    scope = FunctionScope({inner.id for item in node.generators for inner in _names(item.target)})
    frame = Frame(run.number(), run.frame.module, scope, run.frame, run.frame.function)
    run.frames[frame.number] = frame
    # The first iterable is evaluated in the scope around the comprehension.
    iterable: Items = run.operation(
        "items of", run.evaluate(node.generators[0].iter), node.generators[0].iter
    )
    with run.inside(frame):
        content = _generate(run, node.generators, iterable, element)
    run.frame.exits += frame.exits
    return content


def _names(target: ast.expr) -> list[ast.Name]:
    return [inner for inner in ast.walk(target) if isinstance(inner, ast.Name)]


def _generate(
    run: AbstractInterpreter,
    generators: list[ast.comprehension],
    content: Items,
    element: Callable[[], AbstractValue],
) -> Items:
    first, remainder = generators[0], generators[1:]
    exact = content.other is None and len(content.items) <= _MOST_UNROLLED
    values = list(content.items) if exact else [item for item in [content.element()] if item is not None]
    results: list[AbstractValue] = []
    all_known, is_filtered = exact, False
    for value in values:
        base, mark = run.state, run.counter
        run.state = base.branch()
        run.state.sure = base.sure and exact and not first.ifs
        assign(run, first.target, value)
        kept_values, certain = _passes(run, first.ifs)
        is_filtered = is_filtered or not certain
        if kept_values:
            inner = _nested(run, remainder, element) if remainder else Items((element(),))
            results += [*inner.items, *([inner.other] if inner.other else [])]
            all_known = all_known and inner.other is None and certain
        run.state = _after(run, base, mark)
        run.state.sure = base.sure
    if all_known:
        return Items(tuple(results))
    return Items((), join(results), certain=not is_filtered) if results else Items()


def _nested(
    run: AbstractInterpreter, generators: list[ast.comprehension], element: Callable[[], AbstractValue]
) -> Items:
    iterable: Items = run.operation("items of", run.evaluate(generators[0].iter), generators[0].iter)
    return _generate(run, generators, iterable, element)


def _after(run: AbstractInterpreter, base: State, mark: int) -> State:
    return join_states(base, [run.state], mark)


def _passes(run: AbstractInterpreter, tests: list[ast.expr]) -> tuple[bool, bool]:
    """Return whether an item may pass the conditions, and whether that is certain."""
    certain = True
    for test in tests:
        outcome = decide(run, test)
        if outcome is False:
            return False, True
        if outcome is None:
            certain = False
            if not assume(run, test, outcome=True):
                return False, False
    return True, certain


COMPREHENSIONS: dict[type, Handler] = {
    ast.ListComp: _list,
    ast.SetComp: _set,
    ast.GeneratorExp: _generator,
    ast.DictComp: _dict,
}
