"""Every rule keeps what its texts and examples promise."""

import re

import pytest

from callables import Check, RequireFindings
from truss_cli.check.registry import all_rules
from truss_cli.check.rule import Example, Rule
from truss_cli.check.rules.project.unreadable import UNREADABLE
from truss_cli.contract.terms import Severity

_EVERY_RULE = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)


def _examples(kind: str) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.code}-{number}")
        for rule in all_rules()
        if not rule.resolves
        for number, example in enumerate(getattr(rule, kind))
    ]


@pytest.mark.parametrize(("rule", "example"), _examples("bad"))
def test_bad_example_is_reported(
    rule: Rule, example: Example, check: Check, require_findings: RequireFindings
) -> None:
    found = check(rule.example_files(example))
    own = [d for d in found if d.code == rule.code]
    assert own
    assert all(d.severity is rule.severity and d.name == rule.name for d in own)
    require_findings("examples", f"{rule.code} bad {rule.bad.index(example)}", found)


@pytest.mark.parametrize(("rule", "example"), _examples("good"))
def test_good_example_is_accepted(
    rule: Rule, example: Example, check: Check, require_findings: RequireFindings
) -> None:
    found = check(rule.example_files(example))
    assert [d.finding.message for d in found if d.code == rule.code] == []
    assert [d.finding.message for d in found if d.severity is Severity.ERROR] == []
    require_findings("examples", f"{rule.code} good {rule.good.index(example)}", found)


def test_only_what_no_text_can_show_is_without_a_bad_example() -> None:
    assert [rule for rule in all_rules() if not rule.bad] == [UNREADABLE]
    assert [rule for rule in all_rules() if not rule.good] == []


def test_codes_and_names_are_unique_and_well_formed() -> None:
    rules = all_rules()
    assert len({rule.code for rule in rules}) == len({rule.name for rule in rules}) == len(rules)
    assert [rule.code for rule in rules if not re.fullmatch(r"TRS[0-7]\d\d", rule.code)] == []
    assert [rule.name for rule in rules if not re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)] == []


@_EVERY_RULE
def test_texts_can_be_shown_anywhere(rule: Rule) -> None:
    assert 10 <= len(rule.summary) <= 80
    assert rule.summary.startswith(("`", "config.yaml")) or rule.summary[0].isupper()
    assert not rule.summary.endswith(".")
    assert len(rule.explanation) > 80
    assert [line for line in rule.explanation.splitlines() if len(line) > 100] == []
    assert "|" not in rule.summary, "it stands in a table of Markdown"


@_EVERY_RULE
def test_messages_and_helps_of_bad_examples_are_sentences_of_one_line(rule: Rule, check: Check) -> None:
    for example in rule.bad[:1]:
        if rule.resolves:
            continue
        for finding in (d.finding for d in check(rule.example_files(example)) if d.code == rule.code):
            assert "\n" not in finding.message
            assert not finding.message.endswith(".")
            assert finding.help is None or finding.help.endswith((".", "?", "`", ")"))
