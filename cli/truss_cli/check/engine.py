"""Runs the rules over a truss: findings become diagnostics, in order, without those suppressed."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.project.unreadable import UNREADABLE
from truss_cli.check.suppression import apply_suppressions
from truss_cli.diagnostic import Diagnostic, Finding
from truss_cli.project import Truss, open_truss
from truss_cli.source import ON_DISK, START_OF_FILE, Overlay


def check_truss(folder: Path, rules: Sequence[Rule], overlay: Overlay = ON_DISK) -> list[Diagnostic]:
    """Check one truss: its diagnostics by file and place. Files that cannot be read become a diagnostic."""
    try:
        facts = TrussFacts(open_truss(folder, overlay), overlay)
    except OSError as error:
        return [_unreadable(folder, error)] if UNREADABLE in rules else []
    found = list(_find(facts, rules))
    kept = apply_suppressions(facts, found, rules)
    return sorted(kept, key=lambda diagnostic: _order(facts.truss, diagnostic))


def unreadable_folder(error: OSError, rules: Sequence[Rule]) -> list[Diagnostic]:
    """Return the diagnostic of a folder that could not be searched for trusses."""
    return [_unreadable(Path(error.filename or "."), error)] if UNREADABLE in rules else []


def _find(facts: TrussFacts, rules: Sequence[Rule]) -> Iterator[Diagnostic]:
    failed: set[str] = set()
    for rule in rules:
        try:
            for finding in rule.find(facts):
                yield Diagnostic(rule.code, rule.name, rule.severity, finding, facts.truss.folder)
        except OSError as error:
            name = str(error.filename)
            if UNREADABLE in rules and name not in failed:
                failed.add(name)
                yield _unreadable(facts.truss.folder, error)
        except RecursionError:
            continue  # what is nested beyond all measure stays unknown


def _unreadable(folder: Path, error: OSError) -> Diagnostic:
    path = Path(error.filename) if error.filename else folder
    message = f"cannot be read: {error.strerror or error}"
    denied = isinstance(error, PermissionError)
    help_text = "Give the user who runs the check read permission." if denied else "Put a regular file there."
    finding = Finding(path, START_OF_FILE, message, help_text)
    return Diagnostic(UNREADABLE.code, UNREADABLE.name, UNREADABLE.severity, finding, folder)


def _order(truss: Truss, diagnostic: Diagnostic) -> tuple[bool, str, object, str, str]:
    finding = diagnostic.finding
    return (
        finding.path != truss.config_path,
        finding.path.as_posix(),
        finding.span,
        diagnostic.code,
        finding.message,
    )
