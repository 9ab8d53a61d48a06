"""Branches, loops and handlers."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.static.events import FailureKind
from truss_cli.static.interpreter.annotations import instance_of
from truss_cli.static.interpreter.interpreter import Exit, RaisedError
from truss_cli.static.interpreter.narrowing import assume, decide
from truss_cli.static.interpreter.targets import assign
from truss_cli.static.interpreter.truth import truth
from truss_cli.static.values.state import State, changed_since, join_states
from truss_cli.static.values.values import (
    UNKNOWN,
    AbstractValue,
    Constant,
    Container,
    Items,
    Pending,
    TupleValue,
    Typed,
    join,
    members,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler

_MOST_UNROLLED = 8
"""Known items of a sequence that a loop follows one by one."""
_LEAVING_EARLY = ("return", "break", "continue")


def _if(run: AbstractInterpreter, node: ast.If) -> bool:
    if _is_main_guard(node.test):
        return run.execute(node.orelse)
    value = run.evaluate(node.test)
    run.operation("tested", value, node.test)
    outcome = truth(run, value)
    if outcome is not None:
        assume(run, node.test, outcome)
        return run.execute(node.body if outcome else node.orelse)
    branches = [
        lambda: assume(run, node.test, outcome=True) and run.execute(node.body),
        lambda: assume(run, node.test, outcome=False) and run.execute(node.orelse),
    ]
    text = ast.dump(node.test)
    if run.frame.scope.tests.get(text, 0) > 1:
        return _split(run, text, branches)
    return run_branches(run, branches)


def _is_main_guard(test: ast.expr) -> bool:
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
        and isinstance(test.ops[0], ast.Eq)
    )


def run_branches(run: AbstractInterpreter, branches: Sequence[Callable[[], bool]]) -> bool:
    """Run alternatives from one state, and join the states of those that reach their end."""
    base, mark = run.state, run.counter
    exits = len(run.frame.exits)
    states = []
    for branch in branches:
        run.state = base.branch()
        run.state.sure = False
        if branch():
            states.append(run.state)
    if not states:
        return False
    run.state = join_states(base, states, mark)
    if any(way_out.kind in _LEAVING_EARLY for way_out in run.frame.exits[exits:]):
        run.state.sure = False
    return True


def _split(run: AbstractInterpreter, text: str, branches: Sequence[Callable[[], bool]]) -> bool:
    """Run the branches of a test that the function repeats.

    If the test was evaluated before, and the values that its branches left are unchanged, each branch
    starts from the values of the same outcome.
    """
    earlier = run.frame.splits.get(text, ({}, {}))
    joined_before = run.frame.splits.get(f"{text} joined", {})
    base = run.state
    after: list[State] = []

    def started(index: int) -> bool:
        for location, value in earlier[index].items():
            if run.state.values.get(location) is joined_before.get(location):
                run.state.write(location, value)
        ends_normally = branches[index]()
        after.append(run.state)
        return ends_normally

    ends_normally = run_branches(run, [lambda: started(0), lambda: started(1)])
    locations = changed_since(base, after)
    run.frame.splits[text] = tuple(
        {place: state.values[place] for place in locations if place in state.values} for state in after
    )
    run.frame.splits[f"{text} joined"] = {place: run.state.values.get(place) for place in locations}
    return ends_normally


def _for(run: AbstractInterpreter, node: ast.For | ast.AsyncFor) -> bool:
    iterable = run.evaluate(node.iter)
    _check_iterable(run, node, iterable)
    content: Items = run.operation("items of", iterable, node.iter)
    element = content.element()
    if element is None:
        return run.execute(node.orelse)
    if content.other is None and len(content.items) <= _MOST_UNROLLED:
        return _unrolled(run, node, content.items)
    iterated_references = _containers_in(run, node.iter)
    run.iterated += iterated_references
    try:
        return _loop(run, node, lambda: assign(run, node.target, element), never_empty=bool(content.items))
    finally:
        del run.iterated[len(run.iterated) - len(iterated_references) :]


def _check_iterable(run: AbstractInterpreter, node: ast.For | ast.AsyncFor, iterable: AbstractValue) -> None:
    """Fail if `for` meets an asynchronous iterable, or `async for` one that is not."""
    kind = iterable.kind if isinstance(iterable, Pending) else getattr(iterable, "name", "")
    if isinstance(node, ast.For) and kind in ("coroutine", "types.CoroutineType"):
        message, help_text = "a coroutine cannot be iterated", "Write `await` before it."
    elif isinstance(node, ast.For) and kind in ("async generator", "types.AsyncGeneratorType"):
        message, help_text = "an asynchronous generator needs `async for`", "Write `async for`."
    elif isinstance(node, ast.AsyncFor) and (
        kind in ("generator", "types.GeneratorType") or isinstance(iterable, Container | TupleValue)
    ):
        message, help_text = "`async for` needs an asynchronous iterable", "Write `for`."
    else:
        return
    raise run.fail(FailureKind.OPERATION, "TypeError", node.iter, message, help_text)


def _unrolled(
    run: AbstractInterpreter, node: ast.For | ast.AsyncFor, items: tuple[AbstractValue, ...]
) -> bool:
    """Run the body once for each of a few known items."""
    base, mark, count = run.state, run.counter, len(run.frame.exits)
    run.state = base.branch()
    states: list[State] = []
    ends_normally = True
    for item in items:
        assign(run, node.target, item)
        ends_normally = run.execute(node.body)
        way_out = run.frame.exits[count:]
        states += [item_.state for item_ in way_out if item_.kind == "break"]
        continue_states = [item_.state for item_ in way_out if item_.kind == "continue"]
        run.frame.exits[count:] = [item_ for item_ in way_out if item_.kind not in ("break", "continue")]
        if continue_states:
            sure = base.sure and not any(item_.kind == "return" for item_ in run.frame.exits[count:])
            run.state = join_states(base, [*continue_states, *([run.state] if ends_normally else [])], mark)
            run.state.sure = sure and not states
            run.state = run.state.branch()
            ends_normally = True
        if not ends_normally:
            break
        if states:
            run.state.sure = False
    if ends_normally and node.orelse:
        ends_normally = run.execute(node.orelse)
    states += [run.state] if ends_normally else []
    if not states:
        return False
    run.state = join_states(base, states, mark)
    if any(item_.kind == "return" for item_ in run.frame.exits[count:]):
        run.state.sure = False
    return True


def _containers_in(run: AbstractInterpreter, node: ast.expr) -> list[int]:
    """Return the containers that an iterable names: `d`, `d.items()`, `list(d)`."""
    match: list[int] = []
    with run.muted():
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name | ast.Attribute):
                try:
                    value = run.evaluate(inner)
                except RaisedError:
                    continue
                match += [item.reference for item in members(value) if isinstance(item, Container)]
    return match


def _while(run: AbstractInterpreter, node: ast.While) -> bool:
    outcome = decide(run, node.test)
    if outcome is False:
        return run.execute(node.orelse)

    def enter() -> None:
        if outcome is None:
            assume(run, node.test, outcome=True)

    endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
    return _loop(run, node, enter, never_empty=outcome is True, endless=endless)


def _loop(
    run: AbstractInterpreter,
    node: ast.For | ast.AsyncFor | ast.While,
    enter: Callable[[], None],
    *,
    never_empty: bool,
    endless: bool = False,
) -> bool:
    """Run a loop's body twice: the second time from the join of the states before and after the first."""
    before, mark = run.state, run.counter
    with _Discarded(run):
        first = _turn(run, node, enter, never_empty=never_empty)
    start = join_states(before, [*first, before.branch()], mark) if first else before.branch()
    run.state = start
    breaks = len(run.frame.exits)
    second = _turn(run, node, enter, never_empty=never_empty)
    way_out = [item for item in run.frame.exits[breaks:] if item.kind == "break"]
    run.frame.exits[breaks:] = [item for item in run.frame.exits[breaks:] if item.kind != "break"]
    ends = [*([] if endless else second), *(item.state for item in way_out)]
    if not ends:
        if endless or (never_empty and any(item.kind == "return" for item in run.frame.exits[breaks:])):
            return False
        ends = [before.branch()]
    run.state = join_states(before, ends, mark)
    if not never_empty:
        _doubt(run, before)
    if any(item.kind == "return" for item in run.frame.exits[breaks:]):
        run.state.sure = False
    return run.execute(node.orelse) if node.orelse and not way_out else True


def _turn(
    run: AbstractInterpreter,
    node: ast.For | ast.AsyncFor | ast.While,
    enter: Callable[[], None],
    *,
    never_empty: bool,
) -> list[State]:
    """Run the body once; return the states from which the next turn starts."""
    base, exits, mark = run.state, len(run.frame.exits), run.loop_mark
    run.state = base.branch()
    run.state.sure = base.sure and never_empty
    run.loop_mark = run.counter
    enter()
    ends_normally = run.execute(node.body)
    run.loop_mark = mark
    states = [run.state] if ends_normally else []
    states += [item.state for item in run.frame.exits[exits:] if item.kind == "continue"]
    run.frame.exits[exits:] = [item for item in run.frame.exits[exits:] if item.kind != "continue"]
    return states


class _Discarded:
    """Context manager that discards events, exits and yields; the state is kept."""

    def __init__(self, run: AbstractInterpreter) -> None:
        self.run = run

    def __enter__(self) -> None:
        run = self.run
        self.counts = (len(run.events), len(run.frame.exits), len(run.frame.yielded), len(run.used_secrets))

    def __exit__(self, *_: object) -> None:
        run = self.run
        events, exits, chunks, secrets = self.counts
        del run.events[events:], run.frame.yielded[chunks:], run.used_secrets[secrets:]
        del run.frame.exits[exits:]


def _doubt(run: AbstractInterpreter, before: State) -> None:
    """Add the unknown value to those that a loop, which may have no turn, has changed."""
    for location in run.state.changed:
        value = run.state.values.get(location)
        if location in before.values and isinstance(value, AbstractValue):
            run.state.values[location] = join([value, UNKNOWN])


def _try(run: AbstractInterpreter, node: ast.Try) -> bool:
    base, mark, frame = run.state, run.counter, run.frame
    exits = len(frame.exits)
    run.state = base.branch()
    ends_normally = run.execute(node.body)
    after_body = run.state
    error_exits = [item for item in frame.exits[exits:] if item.kind == "raise"]
    kept_values = [item for item in frame.exits[exits:] if item.kind != "raise"]
    states: list[State] = []
    if ends_normally:
        ends_normally = run.execute(node.orelse)
        raised_later = [
            item
            for item in frame.exits[exits + len(error_exits) + len(kept_values) :]
            if item.kind == "raise"
        ]
        kept_values += [
            item
            for item in frame.exits[exits + len(error_exits) + len(kept_values) :]
            if item.kind != "raise"
        ]
        states += [run.state] if ends_normally else []
    else:
        raised_later = []
    frame.exits[exits:] = kept_values
    uncaught = list(error_exits)
    for handler in node.handlers:
        caught = [item for item in uncaught if _catches(run, handler, item)]
        uncaught = [item for item in uncaught if item not in caught or not _surely_catches(handler, item)]
        if _handle(run, handler, _Attempt(base, after_body, mark), caught):
            states.append(run.state)
    frame.exits += [*uncaught, *raised_later]
    if not states:
        return _finally(run, node, base, exits, ends_normally=False)
    run.state = join_states(base, states, mark)
    if any(item.kind in _LEAVING_EARLY for item in frame.exits[exits:]):
        run.state.sure = False
    return _finally(run, node, base, exits, ends_normally=True)


def _finally(
    run: AbstractInterpreter, node: ast.Try, base: State, count: int, *, ends_normally: bool
) -> bool:
    if not node.finalbody:
        return ends_normally
    if any(isinstance(inner, ast.Return) for inner in node.finalbody):
        del run.frame.exits[count:]  # the results and errors of the body are replaced
        run.state = run.state if ends_normally else base.branch()
        return run.execute(node.finalbody)
    if ends_normally:
        return run.execute(node.finalbody)
    run.state = base.branch()
    run.state.sure = False
    with _Discarded(run):
        run.execute(node.finalbody)
    return False


class _Attempt(NamedTuple):
    """The states around the body of a `try`; objects with a number above `mark` were created in it."""

    before: State
    after: State
    mark: int


def _handle(
    run: AbstractInterpreter, handler: ast.ExceptHandler, attempt: _Attempt, caught: Sequence[Exit]
) -> bool:
    """Run a handler from where it may be entered; return whether its end is reached."""
    certain = [item for item in caught if item.error is not None and item.error.failure is not None]
    starts = [item.state for item in caught] or [attempt.before.branch(), attempt.after]
    run.state = join_states(attempt.before, starts, attempt.mark)
    run.state.sure = attempt.before.sure and bool(certain) and len(caught) == 1 and caught[0].state.sure
    if handler.name:
        kind = _exception_type(run, handler.type)
        assign(run, ast.Name(handler.name, ast.Store()), kind)
    return run.execute(handler.body)


def _exception_type(run: AbstractInterpreter, node: ast.expr | None) -> AbstractValue:
    """Return the value that `except ... as` binds."""
    if node is None:
        return UNKNOWN
    with run.muted():
        try:
            kinds = run.evaluate(node)
        except RaisedError:
            return UNKNOWN
    classes = kinds.items if isinstance(kinds, TupleValue) else (kinds,)
    return join(instance_of(run, kind) for kind in classes) if classes else UNKNOWN


def _names(node: ast.expr) -> list[str]:
    """Return the last names of the classes of a handler."""
    nodes = node.elts if isinstance(node, ast.Tuple) else [node]
    return [getattr(item, "attr", getattr(item, "id", "?")) for item in nodes]


def _catches(run: AbstractInterpreter, handler: ast.ExceptHandler, way_out: Exit) -> bool:
    if handler.type is None or way_out.error is None:
        return True
    error_exits = _lineage(way_out.error.name)
    return any(
        name in error_exits or "?" in error_exits or not _is_builtin(run, name)
        for name in _names(handler.type)
    )


def _surely_catches(handler: ast.ExceptHandler, way_out: Exit) -> bool:
    if handler.type is None or way_out.error is None:
        return True
    error_exits = _lineage(way_out.error.name)
    return way_out.error.failure is None or any(name in error_exits for name in _names(handler.type))


def _is_builtin(run: AbstractInterpreter, name: str) -> bool:
    return run.builtin(name) is not None


def _lineage(name: str) -> list[str]:
    """Return the names of an exception's class and its bases; `?` if they are unknown."""
    match = getattr(builtins, name.rpartition(".")[2], None) if name.startswith("builtins.") else None
    if not isinstance(match, type):
        return ["?", "Exception", "BaseException"]
    return [base.__name__ for base in match.__mro__]


def _with(run: AbstractInterpreter, node: ast.With | ast.AsyncWith) -> bool:
    may_suppress = False
    exits: list[AbstractValue] = []
    for item in node.items:
        manager = run.evaluate(item.context_expr)
        may_suppress = may_suppress or run.operation("suppresses", manager)
        entered_value = run.operation("enter", manager, item.context_expr)
        exits.append(manager)
        if item.optional_vars is not None:
            assign(run, item.optional_vars, entered_value)
    if not may_suppress:
        return run.execute(node.body)
    base, mark, count = run.state, run.counter, len(run.frame.exits)
    run.state = base.branch()
    ends_normally = run.execute(node.body)
    states = [run.state] if ends_normally else []
    error_exits = [item_ for item_ in run.frame.exits[count:] if item_.kind == "raise"]
    run.frame.exits[count:] = [item_ for item_ in run.frame.exits[count:] if item_.kind != "raise"]
    if any(isinstance(item_, Typed) and item_.name == "contextlib.suppress" for item_ in exits):
        states.append(base.branch())  # the body may be left at any point
        error_exits.clear()
        run.state.sure = False
    if not states and not error_exits:
        return False
    run.state = join_states(base, [*states, *(item_.state for item_ in error_exits)], mark)
    run.state.sure = run.state.sure and not error_exits
    return True


def _match(run: AbstractInterpreter, node: ast.Match) -> bool:
    subject = run.evaluate(node.subject)
    always = any(_is_default(case) for case in node.cases)

    def branch(case: ast.match_case) -> Callable[[], bool]:
        return lambda: _run_case(run, node.subject, subject, case)

    branches = [branch(case) for case in node.cases]
    return run_branches(run, branches if always else [*branches, lambda: True])


def _is_default(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None


def _run_case(run: AbstractInterpreter, node: ast.expr, subject: AbstractValue, case: ast.match_case) -> bool:
    pattern = case.pattern
    if isinstance(pattern, ast.MatchValue) and isinstance(subject, Constant):
        wanted_type = run.evaluate(pattern.value)
        if isinstance(wanted_type, Constant) and wanted_type.value != subject.value:
            return False
    for inner in ast.walk(pattern):
        name = getattr(inner, "name", None) or getattr(inner, "rest", None)
        if isinstance(name, str):
            is_whole = inner is pattern and isinstance(pattern, ast.MatchAs) and pattern.pattern is None
            assign(
                run, ast.copy_location(ast.Name(name, ast.Store()), node), subject if is_whole else UNKNOWN
            )
    if case.guard is not None and not (
        decide(run, case.guard) is not False and assume(run, case.guard, outcome=True)
    ):
        return False
    return run.execute(case.body)


CONTROL: dict[type, Handler] = {
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Match: _match,
}
