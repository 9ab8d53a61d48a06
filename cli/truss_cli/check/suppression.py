"""Comments that hide findings, in Python and in YAML.

`# truss: ignore[TRS301]` hides those on its line, `# truss: ignore-file[TRS301]` those in
its file; a rule's name or a prefix of codes does as well, and nothing in brackets means all.
"""

import contextlib
import io
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.registry import all_rules, static_rules
from truss_cli.check.rule import Named, Rule, matches
from truss_cli.check.rules.project.unknown_suppression import UNKNOWN_SUPPRESSION
from truss_cli.check.rules.project.unused_suppression import UNUSED_SUPPRESSION
from truss_cli.diagnostic import Diagnostic, Edit, Finding, Fix
from truss_cli.source import Position, SourceText, Span

_COMMENT = re.compile(r"#[^\S\n]*truss:[^\S\n]*ignore(-file)?\b(?:[^\S\n]*\[([^\]\n]*)\]?)?")


class Suppression:
    """One comment: its place, the rules it names (none: all), and whether it hid anything."""

    def __init__(
        self, source: SourceText, span: Span, patterns: tuple[str, ...], *, whole_file: bool
    ) -> None:
        self.source, self.path = source, source.path
        self.span = span
        self.patterns = patterns
        self.whole_file = whole_file
        self.used = False

    def hides(self, diagnostic: Diagnostic) -> bool:
        """Whether the comment stands on the diagnostic's first line, or in its file, and names its rule."""
        finding = diagnostic.finding
        in_place = finding.path == self.path and (
            self.whole_file or finding.span.start.line == self.span.start.line
        )
        return in_place and self._names(diagnostic)

    def is_judged_by(self, rules: Sequence[Rule]) -> bool:
        """Whether all rules ran whose findings the comment hides, so that it is known to hide nothing.

        One that names no rule is not expected to hide what only `--resolve` finds.
        """
        hidden = all_rules() if self.patterns else static_rules()
        return all(rule in rules for rule in hidden if self._names(rule))

    def _names(self, what: Named) -> bool:
        return not self.patterns or any(matches(what, pattern) for pattern in self.patterns)


def apply_suppressions(
    facts: TrussFacts, diagnostics: Sequence[Diagnostic], rules: Sequence[Rule]
) -> Iterator[Diagnostic]:
    """Yield the diagnostics that no comment hides, then a finding for each comment that hides nothing."""
    suppressions = list(_suppressions(facts))
    for diagnostic in diagnostics:
        hiding = [suppression for suppression in suppressions if suppression.hides(diagnostic)]
        if not hiding:
            yield diagnostic
        for suppression in hiding:
            suppression.used = True
    for suppression in suppressions:
        unknown = [pattern for pattern in suppression.patterns if not _names_a_rule(pattern)]
        if unknown and UNKNOWN_SUPPRESSION in rules:
            yield _unknown(facts, suppression, unknown[0])
        elif not suppression.used and UNUSED_SUPPRESSION in rules and suppression.is_judged_by(rules):
            yield _unused(facts, suppression)


def _names_a_rule(pattern: str) -> bool:
    return any(matches(rule, pattern) for rule in all_rules())


def _unknown(facts: TrussFacts, suppression: Suppression, pattern: str) -> Diagnostic:
    near = get_close_matches(pattern.lower(), [rule.name for rule in all_rules()], n=1)
    hint = f"Did you mean `{near[0]}`?" if near else "`truss rule` lists the rules."
    message = f"no rule has the code, prefix or name `{pattern}`, so nothing is suppressed"
    return _diagnostic(facts, UNKNOWN_SUPPRESSION, suppression, message, hint)


def _unused(facts: TrussFacts, suppression: Suppression) -> Diagnostic:
    named = ", ".join(suppression.patterns) or "anything"
    message = f"this comment suppresses {named}, but there is nothing to suppress"
    fix = Fix("Remove the comment", (_removal(suppression.source, suppression.span),))
    return _diagnostic(facts, UNUSED_SUPPRESSION, suppression, message, "Remove the comment.", fix)


def _removal(source: SourceText, span: Span) -> Edit:
    """Return the edit that removes a comment, with its line if that holds nothing else, but not its prose."""
    number = span.start.line
    line = source.line(number)
    before, prose = line[: span.start.column - 1], line[span.end.column - 1 :].lstrip("-:;, \t")
    line_end = Position(number, len(line) + 1)
    if prose:
        prose_start = Position(number, len(line) - len(prose) + 1)
        return Edit(source.path, Span(span.start, prose_start), "" if prose.startswith("#") else "# ")
    if before.strip():
        return Edit(source.path, Span(Position(number, len(before.rstrip()) + 1), line_end), "")
    end = source.offset(line_end)
    end += 2 if source.text[end : end + 2] == "\r\n" else 1
    return Edit(source.path, Span(Position(number, 1), source.at_offset(end)), "")


def _diagnostic(  # noqa: PLR0913, PLR0917 - one parameter for each field
    facts: TrussFacts,
    rule: Rule,
    suppression: Suppression,
    message: str,
    hint: str,
    fix: Fix | None = None,
) -> Diagnostic:
    finding = Finding(suppression.path, suppression.span, message, hint, fix=fix)
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
    patterns = tuple(part.strip() for part in (match[2] or "").split(",") if part.strip())
    start = Position(line, column + match.start() + 1)
    span = Span(start, Position(line, column + match.end() + 1))
    return Suppression(source, span, patterns, whole_file=bool(match[1]))
