"""Each name that a rule knows, and each thing that makes it hold its peace."""

import pytest

from callables import Check

MODEL = "class Model:\n    def predict(self, model_input){returns}:\n        return model_input\n"


def _codes(check: Check, source: str) -> set[str]:
    return {diagnostic.code for diagnostic in check({"model/model.py": source})}


@pytest.mark.parametrize(
    "other", ["bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple", "None", "'Y'", "Plain"]
)
@pytest.mark.parametrize("order", ["'X' | {}", "{} | 'X'"])
def test_a_string_is_no_operand_beside_a_plain_class(order: str, other: str, check: Check) -> None:
    source = "class Plain: ...\nclass X: ...\nclass Y: ...\n" + MODEL.format(
        returns=f" -> {order.format(other)}"
    )
    found = check({"model/model.py": source})
    assert [d.finding.message for d in found if "`|` does not take the string" in d.finding.message]


@pytest.mark.parametrize(
    "class_",
    [
        "class Other(metaclass=Meta): ...",
        "class Other(Base): ...",
        "@decorated\nclass Other: ...",
        "from typing import Any as Other",
        "from elsewhere import Other",
        "Other = list[int]",
    ],
)
def test_a_string_may_be_an_operand_beside_what_has_operators_of_its_own(class_: str, check: Check) -> None:
    source = "from elsewhere import Base, Meta, decorated\nclass X: ...\n"
    source += f"{class_}\n" + MODEL.format(returns=" -> 'X' | Other")
    found = check({"model/model.py": source})
    assert not [d for d in found if "does not take the string" in d.finding.message]


ASKS = "        asyncio.get_event_loop()\n"


@pytest.mark.parametrize(
    ("made", "reported"),
    [
        ("", True),
        ("asyncio.new_event_loop()", False),
        ("asyncio.set_event_loop(None)", False),
        ("asyncio.set_event_loop_policy(None)", False),
        ("import nest_asyncio", False),
        ("from asyncio import new_event_loop", False),
        ("set_event_loop = None", False),
        ("asyncio.get_running_loop", True),
    ],
)
def test_who_makes_a_loop_may_ask_for_it(*, made: str, reported: bool, check: Check) -> None:
    source = f"import asyncio\n{made}\n" + MODEL.format(returns="").replace(
        "        return", f"{ASKS}        return"
    )
    assert ("TRS303" in _codes(check, source)) == reported
