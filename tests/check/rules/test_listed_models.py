"""Models that the model server answers for get no error, and models that fail get the finding that says why.

`working_models.txt` and `failing_models.txt` have them one after the other, each
under `=== name`, its further files under `--- path`. The working ones do what a
reader of source cannot follow, or what looks like a mistake and is none. The name
of a failing one starts with the rule that finds it. `edge_models.txt` has one on either side of each
condition of the rule that its name starts with.
"""

import re
from pathlib import Path

import pytest

from callables import Check, RequireFindings
from truss_cli.contract.terms import Severity


def _models(file: str) -> list[object]:
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    _, *blocks = re.split(r"^=== (.*)\n", text, flags=re.MULTILINE)
    return [pytest.param(name, text, id=name) for name, text in zip(blocks[::2], blocks[1::2], strict=True)]


def _files(text: str) -> dict[str, str]:
    model, *others = re.split(r"^--- (.*)\n", text, flags=re.MULTILINE)
    return {"model/model.py": model, **dict(zip(others[::2], others[1::2], strict=True))}


@pytest.mark.parametrize(("name", "text"), _models("failing_models.txt"))
def test_a_model_that_fails_is_found(
    name: str, text: str, check: Check, require_findings: RequireFindings
) -> None:
    found = check(_files(text))
    assert name.split(maxsplit=1)[0] in {diagnostic.code for diagnostic in found}
    require_findings("failing_models", name, found)


@pytest.mark.parametrize(("name", "text"), _models("working_models.txt"))
def test_no_error_in_a_model_that_works(
    name: str, text: str, check: Check, require_findings: RequireFindings
) -> None:
    found = check(_files(text))
    assert [d.finding.message for d in found if d.severity is Severity.ERROR] == []
    require_findings("working_models", name, found)


@pytest.mark.parametrize(("name", "text"), _models("edge_models.txt"))
def test_each_condition_of_a_rule_counts(
    name: str, text: str, check: Check, require_findings: RequireFindings
) -> None:
    require_findings("edge_models", name, check(_files(text)))
