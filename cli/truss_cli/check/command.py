"""`truss check`: find the trusses, run the rules, write the report."""

import contextlib
import gc
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from truss_cli.check.diagnostic import Diagnostic
from truss_cli.check.engine import check_truss, unreadable_folder
from truss_cli.check.report import Report, write_report
from truss_cli.check.selection import Selection
from truss_cli.choices import OutputFormat
from truss_cli.contract.terms import Severity
from truss_cli.errors import ExitCode, TrussError
from truss_cli.project import find_trusses

_MANY_OBJECTS = 100_000
"""Syntax trees are many objects, and no cycles that need looking for: that took a fifth of the time."""


class CheckOptions(NamedTuple):
    """What the command line asks for; `strict`: warnings fail too, and opt-in rules run."""

    paths: tuple[Path, ...]
    output_format: OutputFormat
    selection: Selection
    exit_zero: bool = False


def check(options: CheckOptions) -> ExitCode:
    """Check the trusses at or under the paths, and write the report to stdout. Raises TrussError."""
    started = time.perf_counter()
    gc.set_threshold(_MANY_OBJECTS)
    rules = options.selection.rules()
    for path in options.paths:
        _require_folder(path)
    unreadable: list[OSError] = []
    trusses: list[Path] = []
    diagnostics: list[Diagnostic] = []
    for folder in find_trusses(options.paths, unreadable):
        trusses.append(folder)
        diagnostics.extend(check_truss(folder, rules))
    for error in unreadable:
        diagnostics.extend(unreadable_folder(error, rules))
    report = Report(diagnostics, trusses, rules, time.perf_counter() - started)
    with contextlib.suppress(BrokenPipeError):  # a reader that has left changes nothing about what was found
        write_report(report, options.output_format, sys.stdout)
    return ExitCode.OK if options.exit_zero else _exit_code(diagnostics, strict=options.selection.strict)


def _exit_code(diagnostics: Sequence[Diagnostic], *, strict: bool) -> ExitCode:
    failing = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return ExitCode.FAULT if any(d.severity in failing for d in diagnostics) else ExitCode.OK


def _require_folder(path: Path) -> None:
    if path.is_dir():
        return
    if path.exists():
        hint = f"Give the folder of the truss: `truss check {path.parent}`."
        raise TrussError(f"{path} is a file, not a folder", hint=hint)
    raise TrussError(f"{path} does not exist", hint="Give the folder of a truss, or one that holds trusses.")
