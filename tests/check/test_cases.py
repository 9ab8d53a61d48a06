"""The text people read: `cases/<name>/` is checked, and `expected.txt` in it is what they see.

`pytest tests/check/test_cases.py --renew` writes the files anew.
"""

import re
from pathlib import Path

import pytest

from truss_cli.check.command import CheckOptions, check

CASES = Path(__file__).parent / "cases"

_TIME = re.compile(r"\(\d+(\.\d+)? m?s\)")


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_text_is_as_expected(
    name: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.chdir(CASES)
    code = check(CheckOptions((Path(name),)))
    text = f"{_TIME.sub('(TIME)', capsys.readouterr().out)}exit code {int(code)}\n"
    expected = CASES / name / "expected.txt"
    if request.config.getoption("--renew"):
        expected.write_text(text, encoding="utf-8", newline="\n")
    wanted = expected.read_bytes().decode()
    assert text == wanted, "if that is meant, `pytest tests/check/test_cases.py --renew` writes it"
