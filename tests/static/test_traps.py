"""Models that are easy to misread, and their exact findings.

`traps.txt` has them one after the other, each under `=== trap: name`: model.py, further files under
`--- path`, and the findings under `--- findings`. Next to a model that works is one that fails in a similar
way, which shows that the reader did not just lose track.
"""

import re
from pathlib import Path

import pytest

from callables import WriteTruss
from truss_cli.check.engine import check_truss
from truss_cli.check.registry import static_rules

_CASES = Path(__file__).with_name("traps.txt")
_STYLE = "TRS209"
"""Reports missing annotations, which are of no interest here."""


def _cases() -> list[object]:
    _, *blocks = re.split(r"^=== (.*)\n", _CASES.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [pytest.param(text, id=name) for name, text in zip(blocks[::2], blocks[1::2], strict=True)]


@pytest.mark.parametrize("text", _cases())
def test_a_trap_has_these_findings(text: str, write_truss: WriteTruss) -> None:
    model, *parts = re.split(r"^--- (.*)\n", text, flags=re.MULTILINE)
    files = {"model/model.py": model, **dict(zip(parts[::2], parts[1::2], strict=True))}
    expected = files.pop("findings")
    folder = write_truss(files)
    lines = [
        f"{code} {finding.path.relative_to(folder)}:{finding.span[0].line} {finding.message}"
        for diagnostic in check_truss(folder, static_rules())
        for code, finding in [(diagnostic.code, diagnostic.finding)]
        if code != _STYLE
    ]
    assert lines == expected.splitlines()
