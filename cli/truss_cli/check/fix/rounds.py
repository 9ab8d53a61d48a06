"""Fixes of one truss, applied in rounds until none is left; a round that is not proved is undone."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from truss_cli.check.engine import check_truss
from truss_cli.check.fix.batch import FixBatch, applicable, lies_in
from truss_cli.check.fix.content import content_of
from truss_cli.check.registry import static_rules
from truss_cli.check.rules.project.unused_suppression import UNUSED_SUPPRESSION
from truss_cli.config.text.document import read_document
from truss_cli.diagnostic import Diagnostic
from truss_cli.project import CONFIG_NAME
from truss_cli.source import Overlay
from truss_cli.static.syntax.files import read_python

Contents = Mapping[Path, bytes]
Wanted = Callable[[Diagnostic], bool]
"""Whether a diagnostic's fix is to be applied."""


class FixedTruss(NamedTuple):
    """The files of a truss with fixes applied, by name, and how many findings they mended."""

    contents: Contents
    fixed: int


def fix_truss(folder: Path, wanted: Wanted, contents: Contents, *, unsafe: bool) -> FixedTruss:
    """Return a truss with all fixes applied that can be proved; nothing is written.

    `contents` are read instead of files. A round applies what does not overlap.
    It is proved by a check with all static rules: the findings gone, no new ones, the
    syntax whole. A round that fails is tried again with half of its fixes, and
    a fix that fails alone is refused.
    """
    state = _State(folder, contents, _check(folder, contents))
    refused: set[tuple[object, ...]] = set()
    limit, fixed = len(state.found) or 1, 0
    while True:
        batch = _batch(state, wanted, refused, limit, unsafe=unsafe)
        if not batch.diagnostics:
            return FixedTruss(state.contents, fixed)
        new = _apply(state, batch)
        if new is not None:
            state, fixed = new, fixed + len(batch.diagnostics)
        elif len(batch.diagnostics) > 1:
            limit = len(batch.diagnostics) // 2
        else:
            refused.add(_place(state, batch.diagnostics[0]))


def is_proved(folder: Path, contents: Contents, diagnostic: Diagnostic) -> bool:
    """Whether the fix of one finding can be applied, and a new check proves it."""
    fix, batch = diagnostic.finding.fix, FixBatch()
    if fix is None or not lies_in(folder, fix):
        return False
    batch.add(diagnostic, fix)
    return _apply(_State(folder, contents, _check(folder, contents)), batch) is not None


class _State(NamedTuple):
    folder: Path
    contents: Contents
    found: Sequence[Diagnostic]


def _check(folder: Path, contents: Contents) -> Sequence[Diagnostic]:
    return check_truss(folder, static_rules(), Overlay(contents))


def _batch(
    state: _State, wanted: Wanted, refused: set[tuple[object, ...]], limit: int, *, unsafe: bool
) -> FixBatch:
    batch = FixBatch()
    for diagnostic, fix in applicable(state.found, unsafe=unsafe):
        if (
            len(batch.diagnostics) < limit
            and wanted(diagnostic)
            and lies_in(state.folder, fix)
            and (not refused or _place(state, diagnostic) not in refused)
        ):
            batch.add(diagnostic, fix)
    return batch


def _apply(state: _State, batch: FixBatch) -> _State | None:
    """Return the truss with fixes applied; None if they cannot be, or are not proved."""
    contents = dict(state.contents)
    overlay = Overlay(contents)
    for path, edits in batch.edits.items():
        try:
            content = content_of(path, overlay.read(path))
            if content is None:
                return None
            contents[path] = content.edited(edits)
        except (OSError, UnicodeEncodeError):
            return None
    if not all(_is_whole(path, Overlay(contents)) for path in batch.edits):
        return None
    found = _check(state.folder, contents)
    before = Counter(map(_identity, state.found)) - Counter(map(_identity, batch.diagnostics))
    after = Counter(map(_identity, found))
    after = Counter({key: count for key, count in after.items() if key[0] != UNUSED_SUPPRESSION.code})
    return None if after - before else _State(state.folder, contents, found)


def _is_whole(path: Path, overlay: Overlay) -> bool:
    if path.name == CONFIG_NAME:
        return read_document(path, overlay).readable
    return read_python(path, overlay).tree is not None


def _identity(diagnostic: Diagnostic) -> tuple[object, ...]:
    """Return what a finding keeps when the lines around it move."""
    return diagnostic.code, diagnostic.finding.path, diagnostic.finding.message


def _place(state: _State, diagnostic: Diagnostic) -> tuple[object, ...]:
    """Return what a finding is known by in later rounds: itself, and the text of its line."""
    path = diagnostic.finding.path
    content = content_of(path, Overlay(state.contents).read(path))
    line = content.source.line(diagnostic.finding.span.start.line) if content else ""
    return (*_identity(diagnostic), line)
