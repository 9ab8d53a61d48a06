"""`# truss: ignore[TRS301]` at the end of a line hides findings there, in Python and in YAML."""

import contextlib
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from truss_cli.check.diagnostic import Diagnostic, Finding
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.project.unused_suppression import UNUSED_SUPPRESSION
from truss_cli.source import Position, SourceText, Span

_COMMENT = re.compile(r"#\s*truss:\s*ignore(?:\[([^\]\n]*)\])?")


class Suppression:
    """One comment: its place, its codes (none: all), and whether it hid anything."""

    def __init__(self, path: Path, span: Span, codes: tuple[str, ...]) -> None:
        self.path = path
        self.span = span
        self.codes = codes
        self.used = False

    def hides(self, diagnostic: Diagnostic) -> bool:
        """Whether the comment stands on the diagnostic's first line and names its code."""
        finding = diagnostic.finding
        on_line = finding.path == self.path and finding.span.start.line == self.span.start.line
        return on_line and (not self.codes or any(diagnostic.code.startswith(code) for code in self.codes))


def apply_suppressions(
    facts: TrussFacts, diagnostics: Sequence[Diagnostic], rules: Sequence[Rule]
) -> Iterator[Diagnostic]:
    """Yield the diagnostics that no comment hides, then a finding for each comment that hid nothing."""
    suppressions = list(_suppressions(facts))
    for diagnostic in diagnostics:
        hiding = [suppression for suppression in suppressions if suppression.hides(diagnostic)]
        if not hiding:
            yield diagnostic
        for suppression in hiding:
            suppression.used = True
    if UNUSED_SUPPRESSION in rules:
        for suppression in suppressions:
            if not suppression.used:
                yield _unused(facts, suppression)


def _unused(facts: TrussFacts, suppression: Suppression) -> Diagnostic:
    named = ", ".join(suppression.codes) or "anything"
    finding = Finding(
        suppression.path,
        suppression.span,
        f"this comment suppresses {named}, but there is nothing to suppress",
        "Remove the comment.",
    )
    rule = UNUSED_SUPPRESSION
    return Diagnostic(rule.code, rule.name, rule.severity, finding, facts.truss.folder)


def _suppressions(facts: TrussFacts) -> Iterator[Suppression]:
    if facts.truss.document is not None:
        yield from _in_yaml(facts.truss.document.source)
    with contextlib.suppress(OSError):  # a file that cannot be read has been reported, and has no comments
        for file in facts.python_files:
            if _COMMENT.search(file.source.text):
                yield from _in_python(file.source)


def _in_yaml(source: SourceText) -> Iterator[Suppression]:
    """Read the comments of YAML, not values that look like one."""
    matches = list(_COMMENT.finditer(source.text))
    values = list(_scalars(source.text)) if matches else []
    for match in matches:
        if not any(start <= match.start() < end for start, end in values):
            start = source.at_offset(match.start())
            yield _suppression(source, start.line, match, start.column - 1 - match.start())


def _scalars(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each scalar starts and ends, up to the first fault in the text."""
    import yaml  # noqa: PLC0415 - only where there is a comment

    with contextlib.suppress(yaml.YAMLError):
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.ScalarToken):
                yield token.start_mark.index, token.end_mark.index


def _in_python(source: SourceText) -> Iterator[Suppression]:
    """Read the comments of Python, not strings that look like one; a file that has no tokens has none."""
    import tokenize  # noqa: PLC0415 - only where a comment may be

    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text, newline=None).readline):
            match = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
            if match:
                number, column = token.start
                yield _suppression(source, number, match, column)
    except (tokenize.TokenError, SyntaxError):
        return


def _suppression(source: SourceText, line: int, match: re.Match[str], column: int = 0) -> Suppression:
    codes = tuple(code.strip().upper() for code in (match[1] or "").split(",") if code.strip())
    start = Position(line, column + match.start() + 1)
    return Suppression(source.path, Span(start, Position(line, column + match.end() + 1)), codes)
