"""Narrowing of values by tests that succeed or fail.

A test is evaluated once for each member of the union that a name or attribute in it holds;
members that decide it otherwise are dropped.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from truss_cli.static.interpreter.interpreter import RaisedError
from truss_cli.static.interpreter.names import bind_name, owner_of
from truss_cli.static.interpreter.truth import truth
from truss_cli.static.syntax.nodes import walk
from truss_cli.static.values.state import join_states
from truss_cli.static.values.values import (
    AbstractValue,
    Instance,
    Union,
    join,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter


def decide(run: AbstractInterpreter, test: ast.expr) -> bool | None:
    """Evaluate a test; return its truth, None if it is not known."""
    return truth(run, run.evaluate(test))


def assume(run: AbstractInterpreter, test: ast.expr, outcome: bool) -> bool:  # noqa: FBT001 - of a test
    """Narrow the state to the runs in which a test has an outcome; return False if there are none."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return assume(run, test.operand, not outcome)
    if isinstance(test, ast.BoolOp):
        if isinstance(test.op, ast.And) is outcome:
            return all(assume(run, part, outcome) for part in test.values)
        return _assume_any(run, test, outcome=outcome)
    return all(_narrow(run, test, place, outcome=outcome) for place in _places(run, test))


def _assume_any(run: AbstractInterpreter, test: ast.BoolOp, *, outcome: bool) -> bool:
    """Narrow by a test of which the first part with an outcome decides."""
    base, mark = run.state, run.counter
    states = []
    for index, part in enumerate(test.values):
        run.state = base.branch()
        before = all(assume(run, earlier, not outcome) for earlier in test.values[:index])
        if before and assume(run, part, outcome):
            states.append(run.state)
    if not states:
        run.state = base
        return False
    run.state = join_states(base, states, mark)
    return True


def _places(run: AbstractInterpreter, test: ast.expr) -> list[ast.expr]:
    """Return the names and attributes of names in a test that hold a union."""
    places: dict[tuple[str, str], ast.expr] = {}
    for node in walk(test):
        if isinstance(node, ast.Lambda | ast.ListComp | ast.GeneratorExp | ast.DictComp | ast.SetComp):
            return []
        if isinstance(node, ast.Name) or (
            isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        ):
            places.setdefault(_key(node), node)
    return [node for node in places.values() if isinstance(_held(run, node), Union)]


def _key(place: ast.Name | ast.Attribute) -> tuple[str, str]:
    if isinstance(place, ast.Name):
        return place.id, ""
    return getattr(place.value, "id", ""), place.attr


def _held(run: AbstractInterpreter, place: ast.expr) -> AbstractValue | None:
    if isinstance(place, ast.Name):
        frame = owner_of(run.frame, place.id)
        number = frame.number if frame else run.modules[run.frame.module.name].reference
        return run.state.read((number, place.id))
    if isinstance(place, ast.Attribute):
        owner = _held(run, place.value)
        if isinstance(owner, Instance):
            return run.entries(owner).known.get(place.attr)
    return None


def _store(run: AbstractInterpreter, place: ast.expr, value: AbstractValue) -> None:
    if isinstance(place, ast.Name):
        bind_name(run, place.id, value)
    elif isinstance(place, ast.Attribute):
        owner = _held(run, place.value)
        if isinstance(owner, Instance):
            run.set_attribute(owner, place.attr, value)


def _narrow(run: AbstractInterpreter, test: ast.expr, place: ast.expr, *, outcome: bool) -> bool:
    held_value = _held(run, place)
    if not isinstance(held_value, Union):
        return True
    kept_values = [
        member for member in held_value.members if _may_be(run, test, place, member, outcome=outcome)
    ]
    if kept_values and len(kept_values) < len(held_value.members):
        _store(run, place, join(kept_values))
    return bool(kept_values)


def _may_be(
    run: AbstractInterpreter, test: ast.expr, place: ast.expr, member: AbstractValue, *, outcome: bool
) -> bool:
    with run.muted():
        _store(run, place, member)
        try:
            return decide(run, test) is not (not outcome)
        except RaisedError:
            return False


def where(
    run: AbstractInterpreter,
    test: ast.expr,
    outcome: bool,  # noqa: FBT001 - of a test
    node: ast.expr,
) -> AbstractValue | None:
    """Return the value of an expression where a test has an outcome; None if it never has.

    The effects of the expression are kept as possible ones.
    """
    base, mark = run.state, run.counter
    run.state = base.branch()
    run.state.sure = False
    try:
        value = run.evaluate(node) if assume(run, test, outcome) else None
    except RaisedError:
        run.state = base
        return None
    run.state = join_states(base, [run.state, base.branch()], mark)
    return value


def choose(
    run: AbstractInterpreter,
    test: ast.expr,
    then: Callable[[], AbstractValue],
    otherwise: Callable[[], AbstractValue],
) -> AbstractValue:
    """Return the value of a conditional expression."""
    outcome = decide(run, test)
    if outcome is not None:
        return then() if outcome else otherwise()
    base, mark = run.state, run.counter
    values, states, errors = [], [], []
    for wanted_type, branch in ((True, then), (False, otherwise)):
        run.state = base.branch()
        run.state.sure = False
        if not assume(run, test, wanted_type):
            continue
        try:
            values.append(branch())
            states.append(run.state)
        except RaisedError as error:
            errors.append(error)
    if not states:
        run.state = base
        if errors:
            raise errors[0]
        return otherwise()
    run.state = join_states(base, states, mark)
    return join(values)
