"""For people: the place, the source line with the span marked, and what to do."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from truss_cli.check.report import Report
from truss_cli.check.report.excerpt import excerpt, read_source
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Applicability, Diagnostic, Related
from truss_cli.display import plural, relative_name, visible, wants_color
from truss_cli.source import Overlay, SourceText, Span

Segments = Sequence[tuple[str, str]]
"""A line as (text, style) pairs; the styles are rich's."""

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}


def write(report: Report, out: TextIO) -> None:
    """Write the findings, their number, and how to have them explained; in colour where it is wanted."""
    if wants_color(out):
        _write_colored(report, out)
        return
    out.writelines("".join(text for text, _ in line) + "\n" for line in _lines(report))


def _write_colored(report: Report, out: TextIO) -> None:
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.text import Text  # noqa: PLC0415

    console = Console(
        file=out,
        force_terminal=True,
        color_system="standard",
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=True,
    )
    for line in _lines(report):
        console.print(Text.assemble(*line))


def _lines(report: Report) -> Iterator[Segments]:
    truss: Path | None = None
    for diagnostic in report.diagnostics:
        if diagnostic.truss != truss and len(report.trusses) > 1:
            truss = diagnostic.truss
            yield [(visible(relative_name(truss)), "bold underline")]
            yield []
        yield from _diagnostic(diagnostic, report.overlay)
        yield []
    if not report.quiet:
        yield _summary(report)
        if report.diagnostics:
            yield [(f"`truss rule {report.diagnostics[0].code}` explains a rule.", "")]
        yield from _fixable(report)


def _diagnostic(diagnostic: Diagnostic, overlay: Overlay) -> Iterator[Segments]:
    finding, style = diagnostic.finding, _STYLES[diagnostic.severity]
    label = f"{diagnostic.severity}[{diagnostic.code}]"
    place = _place(finding.path, finding.span)
    yield [
        (place, "bold"),
        (": ", ""),
        (label, style),
        (f" {diagnostic.name}: ", ""),
        (visible(finding.message), "bold"),
    ]
    yield from _source(read_source(finding.path, overlay), finding.span, style)
    margin = " " * len(str(finding.span.start.line))
    for related in finding.related:
        yield [(f"{margin} = ", "blue"), ("note: ", "bold"), (_note(related), "")]
    if finding.help:
        yield [(f"{margin} = ", "blue"), ("help: ", "bold cyan"), (visible(finding.help), "")]


def _note(related: Related) -> str:
    return f"{visible(related.message)} ({_place(related.path, related.span)})"


def _source(source: SourceText | None, span: Span, style: str) -> Iterator[Segments]:
    shown = excerpt(source, span) if source else None
    if shown is None:
        return
    line, marks = shown
    number = str(span.start.line)
    margin = " " * len(number)
    yield [(f"{margin} |", "blue")]
    yield [(f"{number} | ", "blue"), (line, "")]
    yield [(f"{margin} | ", "blue"), (marks, style)]


def _place(path: Path, span: Span) -> str:
    return f"{visible(relative_name(path))}:{span.start.line}:{span.start.column}"


def _summary(report: Report) -> Segments:
    trusses = plural(len(report.trusses), "truss", "trusses")
    time = f"{report.seconds * 1000:.0f} ms" if report.seconds < 1 else f"{report.seconds:.1f} s"
    errors, warnings = report.number(Severity.ERROR), report.number(Severity.WARNING)
    if not report.diagnostics:
        return [("No problems found", "bold green"), (f" in {trusses} ({time})", "")]
    counts = f"{plural(errors, 'error', 'errors')} and {plural(warnings, 'warning', 'warnings')}"
    return [(f"Found {counts}", "bold red" if errors else "bold yellow"), (f" in {trusses} ({time})", "")]


def _fixable(report: Report) -> Iterator[Segments]:
    """Say how many findings a fix is known for, and how to have it applied."""
    fixes = [diagnostic.finding.fix for diagnostic in report.diagnostics if diagnostic.finding.fix]
    kinds = [fix.applicability for fix in fixes if fix.applicability not in report.fixed]
    safe, unsafe = kinds.count(Applicability.SAFE), kinds.count(Applicability.UNSAFE)
    if safe:
        more = f", and {unsafe} more with `--fix --unsafe-fixes`" if unsafe else ""
        yield [(f"{safe} can be fixed with `--fix`{more}", "")]
    elif unsafe:
        yield [(f"{unsafe} can be fixed with `--fix --unsafe-fixes`", "")]
