"""`truss check`: find the trusses, run the rules, write the report."""

import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.check.engine import check_truss, unreadable_folder
from truss_cli.check.output import OutputOptions, write_output
from truss_cli.check.report import Report
from truss_cli.check.rule import Rule
from truss_cli.check.selection import Selection, rules_named
from truss_cli.check.settings import Settings, read_settings
from truss_cli.check.workers import check_trusses
from truss_cli.diagnostic import Applicability, Diagnostic
from truss_cli.discovery import Excluded, excluded_by, find_trusses, truss_above
from truss_cli.display import visible
from truss_cli.errors import ExitCode, TrussError
from truss_cli.garbage import collect_seldom
from truss_cli.source import Overlay

if TYPE_CHECKING:
    from truss_cli.check.fix.session import FixSession


class CheckOptions(NamedTuple):
    """What the command line asks for.

    `fix` writes what can be fixed, `diff` shows it instead, and `unsafe_fixes`
    includes fixes that may change results. `stdin_filename` is the one file that
    is checked, with the text on stdin as its content.
    """

    paths: tuple[Path, ...]
    selection: Selection = Selection()
    exclude: tuple[str, ...] = ()
    exit_zero: bool = False
    output: OutputOptions = OutputOptions()
    fix: bool = False
    diff: bool = False
    unsafe_fixes: bool = False
    stdin_filename: Path | None = None


def check(options: CheckOptions) -> ExitCode:
    """Check the trusses at or under the paths, and write the report. Raises TrussError.

    With `fix`, fixes are written before the report on what is left. With `diff`,
    the changes are written to stdout instead, and the code is FAULT if there are any.
    """
    options.output.require_possible()
    started = time.perf_counter()
    collect_seldom()
    given = _given(options)
    paths = tuple(given) or options.paths
    for path in () if given else paths:
        _require_path(path)
    settings = read_settings(paths)
    selection = _selection(options.selection, settings)
    rules = selection.rules()
    session = _fix_session(options, settings, rules)
    unreadable: list[OSError] = []
    trusses = list(find_trusses(paths, unreadable, _excluded(options, settings), Overlay(given)))
    if not (trusses or options.output.quiet or any(truss_above(path, Overlay(given)) for path in paths)):
        _note_no_truss(paths)
    diagnostics: list[Diagnostic] = []
    for found in _check_or_fix(trusses, rules, session, given):
        diagnostics.extend(
            d for d in found if not settings.ignores(d) and _are_asked_for(options, [d.finding.path])
        )
    for error in unreadable:
        diagnostics.extend(unreadable_folder(error, rules))
    output = options.output
    if session:
        if _apply(session, options, given):
            return ExitCode.FAULT if session.changed and not options.exit_zero else ExitCode.OK
        output = output._replace(stream=sys.stderr if given else None)
    report = Report(
        diagnostics,
        trusses,
        rules,
        time.perf_counter() - started,
        Overlay(given),
        _tried(options),
        strict=selection.strict,
        quiet=output.quiet,
    )
    write_output(report, output)
    failed = any(map(report.fails, diagnostics)) and not options.exit_zero
    return ExitCode.FAULT if failed else ExitCode.OK


def _check_or_fix(
    trusses: Sequence[Path],
    rules: tuple[Rule, ...],
    session: "FixSession | None",
    given: Mapping[Path, bytes],
) -> Iterable[list[Diagnostic]]:
    """Return what is found in each truss, or is left there once it is fixed."""
    if session:
        return (session.fix(folder, given) for folder in trusses)
    if given:
        return (check_truss(folder, rules, Overlay(given)) for folder in trusses)
    return check_trusses(trusses, rules)


def _given(options: CheckOptions) -> dict[Path, bytes]:
    """Return the text on stdin, under the name of the file that it stands for."""
    return {options.stdin_filename: sys.stdin.buffer.read()} if options.stdin_filename else {}


def _are_asked_for(options: CheckOptions, paths: Iterable[Path]) -> bool:
    """Whether files are all checked: with a text on stdin, only the one that it stands for is."""
    one = options.stdin_filename
    return one is None or all(os.path.abspath(path) == os.path.abspath(one) for path in paths)  # noqa: PTH100 - resolves links


def _fix_session(options: CheckOptions, settings: Settings, rules: Sequence[Rule]) -> "FixSession | None":
    if not (options.fix or options.diff):
        return None
    from truss_cli.check.fix.session import FixSession  # noqa: PLC0415 - only for those who ask for it

    def is_wanted(diagnostic: Diagnostic) -> bool:
        fix = diagnostic.finding.fix
        edited = [edit.path for edit in fix.edits] if fix else []
        return not settings.ignores(diagnostic) and _are_asked_for(options, edited)

    return FixSession(rules, is_wanted, unsafe=options.unsafe_fixes)


def _apply(session: "FixSession", options: CheckOptions, given: Mapping[Path, bytes]) -> bool:
    """Write what is fixed to where it belongs; return whether that was a diff, which is all the output."""
    if options.diff:
        session.write_diff(sys.stdout)
    elif given:
        sys.stdout.buffer.write(session.read(next(iter(given)), given))
    else:
        session.write()
    session.summarize(written=not options.diff)
    return options.diff


def _note_no_truss(paths: Sequence[Path]) -> None:
    """Say that nothing is checked, which is no fault: linters are given all files of a repository."""
    around = visible(str(paths[0])) if len(paths) == 1 else "these files"
    sys.stderr.write(f"note: there is no truss to check around {around}\n")


def _tried(options: CheckOptions) -> tuple[Applicability, ...]:
    if not options.fix:
        return ()
    return tuple(Applicability) if options.unsafe_fixes else (Applicability.SAFE,)


def _selection(given: Selection, settings: Settings) -> Selection:
    """Return the rules asked for on the command line, else those of the project's settings."""
    for codes in settings.per_path_ignores.values():
        for pattern in codes:
            rules_named(pattern)
    return Selection(
        given.select or settings.select,
        given.ignore or settings.ignore,
        given.strict or settings.strict,
        given.resolve,
    )


def _excluded(options: CheckOptions, settings: Settings) -> Excluded:
    here = excluded_by(options.exclude, Path())
    in_project = excluded_by(settings.exclude, settings.folder)
    return lambda path: here(path) or in_project(path)


def _require_path(path: Path) -> None:
    if os.path.exists(path):  # noqa: PTH110 - pathlib raises for a name that is too long
        return
    hint = "Give the folder of a truss, one that holds trusses, or a file in one."
    raise TrussError(f"{path} does not exist", hint=hint)
