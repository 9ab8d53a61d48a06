"""`--explain`: the rules' texts."""

import pytest

from callables import Run
from truss_cli.check.explain import explain, list_rules, markdown_page
from truss_cli.check.registry import all_rules
from truss_cli.check.rule import Rule


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_one_rule_is_explained_with_its_examples(rule: Rule) -> None:
    text = explain([rule.code])
    assert text.startswith(f"{rule.code} {rule.name} ({rule.severity}")
    assert " ".join(rule.explanation.split()) in " ".join(text.split())
    assert ("Reported:" in text) == bool(rule.bad)
    assert "Accepted:" in text
    for line in next(iter(rule.example_files(rule.good[0]).values())).splitlines():
        assert f"    {line}".rstrip() in text


def test_names_and_prefixes_and_lower_case_are_understood() -> None:
    assert explain(["trs106"]) == explain(["request-position"]) == explain(["TRS106"])
    family = [rule for rule in all_rules() if rule.code.startswith("TRS1")]
    assert explain(["TRS1"]).count("Accepted:") == len(family)


def test_nothing_names_no_rule(run: Run) -> None:
    done = run("rule", "")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no rule has the code, prefix or name ``" in done.stderr


def test_all_rules_are_listed_in_one_line_each(run: Run) -> None:
    done = run("check", "--explain")
    assert done.returncode == 0
    assert done.stdout == list_rules()
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == [rule.code for rule in all_rules()]
    assert all(rule.summary in line for rule, line in zip(all_rules(), lines, strict=True))


def test_what_runs_only_when_asked_for_is_marked() -> None:
    for rule, line in zip(all_rules(), list_rules().splitlines(), strict=True):
        assert (line.split()[1].endswith("*")) == rule.opt_in


def test_the_page_has_a_row_and_a_section_a_rule() -> None:
    lines = markdown_page().splitlines()
    rows = [line for line in lines if line.startswith("| [")]
    assert len(rows) == len(all_rules())
    assert {row.count("|") for row in rows} == {5}
    assert [line for line in lines if line.startswith("## ")] == [f"## {rule.code}" for rule in all_rules()]
