"""What is found, to the letter: `expected/<file>.txt` has it, case by case.

`pytest tests/check/rules --renew` writes the files anew, to be read in review.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from callables import RequireFindings
from truss_cli.check.rules.project.unparsable_source import UNPARSABLE
from truss_cli.diagnostic import Diagnostic
from truss_cli.source import Span

_FOLDER = Path(__file__).with_name("expected")


@pytest.fixture(scope="session")
def renewed(request: pytest.FixtureRequest) -> Iterator[dict[str, dict[str, str]] | None]:
    """Collect what the files shall have, and write them in the end; None if they are only compared."""
    if not request.config.getoption("--renew"):
        yield None
        return
    files: dict[str, dict[str, str]] = {}
    yield files
    for file, cases in files.items():
        text = "".join(f"=== {name}\n{found}" for name, found in cases.items() if found)
        (_FOLDER / f"{file}.txt").write_text(text, encoding="utf-8", newline="\n")


@pytest.fixture(scope="session")
def expected() -> dict[str, dict[str, str]]:
    """Return the findings of each case in each file."""
    files = {}
    for path in _FOLDER.glob("*.txt"):
        _, *parts = re.split(r"^=== (.*)\n", path.read_text("utf-8"), flags=re.MULTILINE)
        files[path.stem] = dict(zip(parts[::2], parts[1::2], strict=True))
    return files


@pytest.fixture
def require_findings(
    expected: dict[str, dict[str, str]], renewed: dict[str, dict[str, str]] | None
) -> RequireFindings:
    """Compare findings with those of a case in a file."""

    def require(file: str, case: str, found: Sequence[Diagnostic]) -> None:
        text = "".join(
            f"{line}\n".replace(diagnostic.truss.name, "truss")  # a temporary folder's
            for diagnostic in found
            for line in _lines(diagnostic)
        )
        if renewed is not None:
            renewed.setdefault(file, {})[case] = text
        else:
            assert text == expected[file].get(case, "")

    return require


def _lines(diagnostic: Diagnostic) -> Iterator[str]:
    """Yield all there is to a finding."""
    finding = diagnostic.finding

    def place(path: Path, span: Span) -> str:
        (line, column), (end_line, end_column) = span
        if diagnostic.code == UNPARSABLE.code:  # where in its line a mistake lies, releases of Python differ
            return f"{path.relative_to(diagnostic.truss)}:{line}"
        return f"{path.relative_to(diagnostic.truss)}:{line}:{column}-{end_line}:{end_column}"

    yield f"{diagnostic.code} {place(finding.path, finding.span)} {finding.message}"
    if finding.help:
        yield f"  help: {finding.help}"
    for related in finding.related:
        yield f"  see {place(related.path, related.span)} {related.message}"
    if finding.fix:
        yield f"  {finding.fix.applicability} fix: {finding.fix.description}"
        for edit in finding.fix.edits:
            yield f"    {place(edit.path, edit.span)} {edit.text!r}"
