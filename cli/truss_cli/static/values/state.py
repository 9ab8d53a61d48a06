"""The state of an abstract run: values by location, branched and joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.static.values.values import (
    UNBOUND,
    UNKNOWN,
    AbstractValue,
    Content,
    Entries,
    Items,
    join,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Location = tuple[int, str]
"""The number of a frame, module, class or object, and a name in it."""
CONTENT = "[]"
"""The name under which the content of a container, and the attributes of an instance or class, are stored."""
Stored = AbstractValue | Content


class State:
    """Values by location.

    A branch starts as a copy, so that a state that was left is never changed; a join touches only
    the locations that were written since.
    """

    __slots__ = ("changed", "parent", "sure", "values")

    def __init__(self) -> None:
        self.values: dict[Location, Stored] = {}
        self.changed: set[Location] = set()
        self.parent: State | None = None
        self.sure = True
        """True if every run that passes the guards reaches this state."""

    def branch(self) -> State:
        """Return a copy to continue with, while this one stays as it is."""
        state = State()
        state.values = self.values.copy()
        state.parent = self
        state.sure = self.sure
        return state

    def read(self, location: Location) -> AbstractValue | None:
        """Return the value at a location; None if nothing was stored."""
        value = self.values.get(location)
        return value if isinstance(value, AbstractValue) else None

    def content(self, reference: int) -> Content | None:
        """Return the content of a container; None if it is unknown."""
        value = self.values.get((reference, CONTENT))
        return value if isinstance(value, Items | Entries) else None

    def write(self, location: Location, value: Stored) -> None:
        """Store a value."""
        self.values[location] = value
        self.changed.add(location)


def changed_since(base: State, states: Iterable[State]) -> set[Location]:
    """Return the locations that any of the states wrote since `base`, which they descend from."""
    locations: set[Location] = set()
    state_ids: set[int] = set()
    for state in states:
        current: State | None = state
        while current is not None and current is not base and id(current) not in state_ids:
            state_ids.add(id(current))
            locations |= current.changed
            current = current.parent
    return locations


def join_states(base: State, states: Sequence[State], mark: int) -> State:
    """Return the state after branches of `base` meet again.

    Objects with a number greater than `mark` were created in the branches.
    """
    values = states[0].values.copy()  # the state may be needed again, as that of a way out
    locations = changed_since(base, states)
    if len(states) > 1:
        other_values = [state.values for state in states[1:]]
        for location in locations:
            item = values.get(location)
            if all(second.get(location) is item for second in other_values):
                continue
            stored_value = [item, *(second.get(location) for second in other_values)]
            values[location] = _join_stored(stored_value, is_new=location[0] > mark)
    result = State()
    result.values = values
    result.changed = locations
    result.parent = base
    result.sure = base.sure
    return result


def _join_stored(stored_value: Sequence[Stored | None], *, is_new: bool) -> Stored:
    """Join the values of one location; objects that only some branches created are unchanged."""
    present = [value for value in stored_value if value is not None]
    if len(present) == len(stored_value) and all(value == present[0] for value in present):
        return present[0]
    if all(isinstance(value, Items) for value in present):
        return join_items([value for value in present if isinstance(value, Items)])
    if all(isinstance(value, Entries) for value in present):
        return join_entries([value for value in present if isinstance(value, Entries)])
    values = [value if isinstance(value, AbstractValue) else UNKNOWN for value in present]
    return join(values if is_new or len(present) == len(stored_value) else [*values, UNBOUND])


def join_items(contents: Sequence[Items]) -> Items:
    """Return the content of a list that has one of several contents."""
    if all(content == contents[0] for content in contents):
        return contents[0]
    other_values = [content.other for content in contents if content.other]
    if len({len(content.items) for content in contents}) == 1:
        items = tuple(join(every) for every in zip(*(content.items for content in contents), strict=True))
        always = all(content.other and content.certain for content in contents)
        return Items(items, join(other_values) if other_values else None, bool(always) or not other_values)
    every = [item for content in contents for item in content.items]
    always = all(content.items or (content.other and content.certain) for content in contents)
    return Items((), join([*every, *other_values]) if every or other_values else None, bool(always))


def join_entries(contents: Sequence[Entries]) -> Entries:
    """Return the content of a dict that has one of several contents."""
    if all(content == contents[0] for content in contents):
        return contents[0]
    keys = dict.fromkeys(key for content in contents for key in content.known)
    known_entries: dict[object, AbstractValue] = {
        key: join(content.known.get(key, content.value or UNBOUND) for content in contents) for key in keys
    }
    remainder = [content.key for content in contents if content.key]
    values = [content.value for content in contents if content.value]
    return Entries(known_entries, join(remainder) if remainder else None, join(values) if values else None)
