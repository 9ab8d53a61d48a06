"""Which fixes can be applied together."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from truss_cli.diagnostic import Applicability, Diagnostic, Edit, Fix
from truss_cli.source import Span


def applicable(diagnostics: Iterable[Diagnostic], *, unsafe: bool) -> Iterator[tuple[Diagnostic, Fix]]:
    """Yield the diagnostics that have a fix which may be applied, with it."""
    for diagnostic in diagnostics:
        fix = diagnostic.finding.fix
        if fix is not None and (unsafe or fix.applicability is Applicability.SAFE):
            yield diagnostic, fix


def lies_in(truss: Path, fix: Fix) -> bool:
    """Whether all that a fix edits are plain files of the truss, links followed."""
    top = os.path.realpath(truss)
    return all(
        os.path.realpath(edit.path).startswith(os.path.join(top, "")) and not _is_special(edit.path)  # noqa: PTH118 - of strings
        for edit in fix.edits
    )


def _is_special(path: Path) -> bool:
    return path.exists() and not path.is_file()


class FixBatch:
    """Fixes whose edits do not touch; `edits` has them by file."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.edits: dict[Path, list[Edit]] = {}
        self._names: dict[str, Path] = {}

    def add(self, diagnostic: Diagnostic, fix: Fix) -> None:
        """Add a fix, unless it overlaps one that is there: its turn comes in a later round."""
        if any(self._is_taken(edit) for edit in fix.edits):
            return
        self.diagnostics.append(diagnostic)
        for edit in fix.edits:
            self.edits.setdefault(edit.path, []).append(edit)

    def _is_taken(self, edit: Edit) -> bool:
        if self._names.setdefault(os.path.realpath(edit.path), edit.path) != edit.path:
            return True  # one file under two names
        return any(_meet(edit.span, other.span) for other in self.edits.get(edit.path, ()))


def _meet(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end
