"""Code actions: the fix of each finding at a place, and all safe fixes of a document."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from truss_cli.check.fix.rounds import fix_truss, is_proved
from truss_cli.diagnostic import Applicability, Diagnostic, Fix
from truss_cli.lsp.connection import JsonObject
from truss_cli.lsp.diagnostics import range_of, to_client
from truss_cli.lsp.positions import PositionCodec
from truss_cli.lsp.workspace import CheckedTruss, Workspace
from truss_cli.source import Position, SourceText, Span

QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.truss"


def asked_for(kind: str, only: Sequence[str] | None) -> bool:
    """Whether a client that asks `only` for some kinds, or kinds of kinds, wants this one.

    The empty kind is that of all kinds.
    """
    return only is None or any(wanted in ("", kind) or kind.startswith(f"{wanted}.") for wanted in only)


def quick_fixes(
    truss: CheckedTruss, found: Sequence[Diagnostic], workspace: Workspace, codec: PositionCodec
) -> Iterator[JsonObject]:
    """Yield an action for each finding that has a fix which is proved to mend it."""
    contents = workspace.buffers.contents()
    for diagnostic in found:
        fix = diagnostic.finding.fix
        if fix is None or not is_proved(truss.folder, contents, diagnostic):
            continue
        safe = fix.applicability is Applicability.SAFE
        yield {
            "title": fix.description if safe else f"{fix.description} (may change results)",
            "kind": QUICK_FIX,
            "diagnostics": [to_client(diagnostic, workspace, codec)],
            "isPreferred": safe,
            "edit": {"changes": _changes(fix, workspace, codec)},
        }


def fix_all(truss: CheckedTruss, path: Path, workspace: Workspace, codec: PositionCodec) -> JsonObject | None:
    """Return the action that applies all safe fixes of a document; None if there are none."""

    def is_wanted(diagnostic: Diagnostic) -> bool:
        fix = diagnostic.finding.fix
        inside = fix is not None and all(edit.path == path for edit in fix.edits)
        return inside and truss.is_wanted(diagnostic)

    contents = workspace.buffers.contents()
    fixed = fix_truss(truss.folder, is_wanted, contents, unsafe=False)
    if not fixed.fixed:
        return None
    before, after = workspace.source(path), _text(path, fixed.contents)
    edits = list(_line_edits(before, after, codec))
    return {
        "title": "Fix all that is safe to fix",
        "kind": FIX_ALL,
        "edit": {"changes": {workspace.buffers.uri(path): edits}},
    }


def _text(path: Path, contents: Mapping[Path, bytes]) -> SourceText:
    from truss_cli.check.fix.content import content_of  # noqa: PLC0415

    content = content_of(path, contents[path])
    return content.source if content else SourceText(path, "")


def _changes(fix: Fix, workspace: Workspace, codec: PositionCodec) -> dict[str, list[JsonObject]]:
    changes: dict[str, list[JsonObject]] = {}
    for edit in fix.edits:
        entry = {"range": range_of(edit.path, edit.span, workspace, codec), "newText": edit.text}
        changes.setdefault(workspace.buffers.uri(edit.path), []).append(entry)
    return changes


def _line_edits(before: SourceText, after: SourceText, codec: PositionCodec) -> Iterator[JsonObject]:
    """Yield the edits, of whole lines, that make one text of another."""
    old, new = _lines(before), _lines(after)
    for tag, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            span = Span(*(before.at_offset(sum(map(len, old[:count]))) for count in (start, end)))
            yield {"range": codec.to_client(before, span), "newText": "".join(new[first:last])}


def _lines(source: SourceText) -> list[str]:
    starts = [source.offset(Position(number, 1)) for number in range(1, source.line_count + 1)]
    return [source.text[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
