"""Which rules run."""

import pytest

from truss_cli.check.registry import all_rules
from truss_cli.check.selection import Selection, split_codes
from truss_cli.errors import TrussError

ALL = {rule.code for rule in all_rules() if not rule.resolves}
OPT_IN = {rule.code for rule in all_rules() if rule.opt_in}
RESULTS = {code for code in ALL if code.startswith("TRS2")}


@pytest.mark.parametrize(
    ("selection", "codes"),
    [
        (Selection(), ALL - OPT_IN),
        (Selection(strict=True), ALL),
        (Selection(select=("TRS2",)), RESULTS - OPT_IN),
        (Selection(select=("TRS2",), strict=True), RESULTS),
        (Selection(select=("TRS209",)), {"TRS209"}),
        (Selection(select=("missing-annotation",)), {"TRS209"}),
        (Selection(select=("trs201", "TRS206")), {"TRS201", "TRS206"}),
        (Selection(ignore=("TRS2",)), ALL - OPT_IN - RESULTS),
        (Selection(select=("TRS2",), ignore=("TRS201",)), RESULTS - OPT_IN - {"TRS201"}),
        (Selection(select=("TRS201",), ignore=("TRS2",)), {"TRS201"}),
        (Selection(select=("TRS201",), ignore=("TRS201",)), set()),
        (Selection(select=("undefined-annotation",), ignore=("TRS201",)), set()),
        (Selection(select=("TRS201",), ignore=("undefined-annotation",)), set()),
        (Selection(ignore=("TRS",)), set()),
    ],
)
def test_rules_that_run(selection: Selection, codes: set[str]) -> None:
    assert {rule.code for rule in selection.rules()} == codes


@pytest.mark.parametrize("pattern", ["TRS9", "E501", "undefined", "TRS2011"])
def test_a_name_of_no_rule_is_refused(pattern: str) -> None:
    for selection in (Selection(select=(pattern,)), Selection(ignore=(pattern,))):
        with pytest.raises(TrussError):
            selection.rules()


def test_codes_are_split_at_commas() -> None:
    assert split_codes(["TRS1, TRS2", "TRS301,", ""]) == ("TRS1", "TRS2", "TRS301")
