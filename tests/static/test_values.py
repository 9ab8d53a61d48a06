"""Joins of values and contents, and states that branch and meet again."""

from truss_cli.static.values.state import CONTENT, State, changed_since, join_entries, join_items, join_states
from truss_cli.static.values.values import (
    NONE,
    UNBOUND,
    UNKNOWN,
    Entries,
    Items,
    Typed,
    Union,
    constant,
    join,
    members,
    without_unbound,
)

ONE, TWO = constant(1), constant(2)
NAME = (1, "name")


def test_a_join_holds_each_value_once() -> None:
    assert join([ONE, ONE]) == ONE
    assert members(join([ONE, join([TWO, ONE])])) == (ONE, TWO)


def test_constants_of_different_types_differ() -> None:
    assert members(join([constant(1), constant(value=True), constant(1.0)])) == (
        constant(1),
        constant(value=True),
        constant(1.0),
    )


def test_unknown_is_a_member_of_a_join() -> None:
    assert join([UNKNOWN, NONE]) == Union((UNKNOWN, NONE))


def test_a_join_of_too_many_values_is_unknown() -> None:
    assert len(members(join(constant(number) for number in range(6)))) == 6
    assert join(constant(number) for number in range(7)) == UNKNOWN
    assert join([]) == UNKNOWN


def test_a_value_that_may_be_absent() -> None:
    assert without_unbound(UNBOUND) is None
    assert without_unbound(join([ONE, UNBOUND])) == ONE
    assert without_unbound(ONE) == ONE


def test_a_branch_does_not_change_the_state_it_left() -> None:
    state = State()
    state.write(NAME, ONE)
    branch = state.branch()
    branch.write(NAME, TWO)
    assert state.read(NAME) == ONE
    assert branch.read(NAME) == TWO


def test_only_locations_written_since_have_changed() -> None:
    state = State()
    state.write((1, "before"), ONE)
    branch = state.branch()
    branch.write(NAME, ONE)
    later = branch.branch()
    later.write((2, "other"), ONE)
    assert changed_since(state, [later]) == {NAME, (2, "other")}


def test_a_name_that_one_branch_binds_may_be_unbound() -> None:
    base = State()
    first, second = base.branch(), base.branch()
    first.write(NAME, ONE)
    assert join_states(base, [first, second], mark=10).read(NAME) == join([ONE, UNBOUND])


def test_an_object_created_in_one_branch_is_unchanged() -> None:
    base = State()
    first, second = base.branch(), base.branch()
    first.write((11, CONTENT), Items((ONE,)))
    assert join_states(base, [first, second], mark=10).content(11) == Items((ONE,))


def test_a_joined_state_is_as_certain_as_its_base() -> None:
    base = State()
    branch = base.branch()
    branch.sure = False
    assert join_states(base, [branch], mark=10).sure


def test_lists_of_one_length_are_joined_item_by_item() -> None:
    content = join_items([Items((ONE, NONE)), Items((TWO, NONE))])
    assert content == Items((join([ONE, TWO]), NONE))


def test_lists_of_different_lengths_have_joined_elements() -> None:
    content = join_items([Items((ONE,)), Items()])
    assert content.element() == ONE
    assert content.items == ()
    assert not content.certain


def test_a_key_of_one_dict_may_be_absent_from_the_joined_one() -> None:
    content = join_entries([Entries({"a": ONE, "b": ONE}), Entries({"a": TWO})])
    assert content.known == {"a": join([ONE, TWO]), "b": join([ONE, UNBOUND])}
    assert content.values() == [join([ONE, TWO]), ONE]


def test_a_key_of_one_dict_may_be_among_the_others_of_another() -> None:
    text = Typed("builtins.str")
    content = join_entries([Entries({"a": ONE}), Entries({}, text, NONE)])
    assert content == Entries({"a": join([ONE, NONE])}, text, NONE)
