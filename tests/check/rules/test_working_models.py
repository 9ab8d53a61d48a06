"""Models that the model server was seen to load and to answer for: nothing in them may be called an error.

`working_models.txt` has them one after the other, each under `=== name`, its
further files under `--- path`. They do what a reader of source cannot follow,
or what looks like a mistake and is none.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from truss_cli.check.diagnostic import Diagnostic
from truss_cli.contract.terms import Severity

Check = Callable[[Mapping[str, str]], Sequence[Diagnostic]]

TEXT = Path(__file__).with_name("working_models.txt").read_text(encoding="utf-8")


def _models() -> list[object]:
    _, *blocks = re.split(r"^=== (.*)\n", TEXT, flags=re.MULTILINE)
    return [pytest.param(text, id=name) for name, text in zip(blocks[::2], blocks[1::2], strict=True)]


@pytest.mark.parametrize("text", _models())
def test_no_error_in_a_model_that_works(text: str, check: Check) -> None:
    model, *others = re.split(r"^--- (.*)\n", text, flags=re.MULTILINE)
    found = check({"model/model.py": model, **dict(zip(others[::2], others[1::2], strict=True))})
    assert [d.finding.message for d in found if d.severity is Severity.ERROR] == []
