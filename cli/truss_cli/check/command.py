"""`truss check`: find the trusses, run the rules, write the report."""

import contextlib
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from truss_cli.check.diagnostic import Diagnostic
from truss_cli.check.engine import unreadable_folder
from truss_cli.check.report import Report, write_report
from truss_cli.check.selection import Selection, rules_named
from truss_cli.check.settings import Settings, read_settings
from truss_cli.check.workers import check_trusses
from truss_cli.choices import OutputFormat
from truss_cli.contract.terms import Severity
from truss_cli.discovery import Excluded, excluded_by, find_trusses
from truss_cli.errors import ExitCode, TrussError
from truss_cli.garbage import collect_seldom


class CheckOptions(NamedTuple):
    """What the command line asks for; `strict`: warnings fail too, and opt-in rules run."""

    paths: tuple[Path, ...]
    output_format: OutputFormat = OutputFormat.TEXT
    selection: Selection = Selection()
    exit_zero: bool = False
    exclude: tuple[str, ...] = ()


def check(options: CheckOptions) -> ExitCode:
    """Check the trusses at or under the paths, and write the report to stdout. Raises TrussError."""
    started = time.perf_counter()
    collect_seldom()
    for path in options.paths:
        _require_path(path)
    settings = read_settings(options.paths)
    selection = _selection(options.selection, settings)
    rules = selection.rules()
    unreadable: list[OSError] = []
    trusses = list(find_trusses(options.paths, unreadable, _excluded(options, settings)))
    diagnostics: list[Diagnostic] = []
    for found in check_trusses(trusses, rules):
        diagnostics.extend(diagnostic for diagnostic in found if not settings.ignores(diagnostic))
    for error in unreadable:
        diagnostics.extend(unreadable_folder(error, rules))
    report = Report(diagnostics, trusses, rules, time.perf_counter() - started)
    with contextlib.suppress(BrokenPipeError):  # a reader that has left changes nothing about what was found
        write_report(report, options.output_format, sys.stdout)
    return ExitCode.OK if options.exit_zero else _exit_code(diagnostics, strict=selection.strict)


def _exit_code(diagnostics: Sequence[Diagnostic], *, strict: bool) -> ExitCode:
    failing = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return ExitCode.FAULT if any(d.severity in failing for d in diagnostics) else ExitCode.OK


def _selection(given: Selection, settings: Settings) -> Selection:
    """Return the rules asked for on the command line, else those of the project's settings."""
    for codes in settings.per_path_ignores.values():
        for pattern in codes:
            rules_named(pattern)
    return Selection(
        given.select or settings.select, given.ignore or settings.ignore, given.strict or settings.strict
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
