"""The trusses that open documents belong to, and what a check of each finds."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from truss_cli.check.engine import check_truss
from truss_cli.check.rule import Rule
from truss_cli.check.selection import Selection
from truss_cli.check.settings import Settings, read_settings
from truss_cli.diagnostic import Diagnostic
from truss_cli.discovery import excluded_by, truss_above
from truss_cli.errors import TrussError
from truss_cli.lsp.buffers import Buffers
from truss_cli.project import CONFIG_NAME
from truss_cli.source import Overlay, SourceText


class CheckedTruss(NamedTuple):
    """A truss as it was checked: its settings, the rules that ran, and what they found."""

    folder: Path
    settings: Settings
    rules: Sequence[Rule]
    found: Sequence[Diagnostic]

    def is_wanted(self, diagnostic: Diagnostic) -> bool:
        """Whether a finding of any rule is one that the settings ask for."""
        return not self.settings.ignores(diagnostic) and any(
            rule.code == diagnostic.code for rule in self.rules
        )


class Workspace:
    """Checks trusses with the unsaved texts of open documents in place of their files."""

    def __init__(self) -> None:
        self.buffers = Buffers()
        self._checked: dict[Path, CheckedTruss] = {}

    def truss_of(self, path: Path) -> Path | None:
        """Return the truss that a file belongs to, unless settings exclude it. Raises TrussError."""
        folder = self._around(path)
        if folder is None:
            return None
        settings = read_settings([folder])
        return None if excluded_by(settings.exclude, settings.folder)(folder) else folder

    def open_in(self, folder: Path) -> list[Path]:
        """Return the open documents whose truss a folder is: none if it is not, or no longer, a truss."""
        if self.truss_of(folder / CONFIG_NAME) != folder:
            return []
        inside = (path for path in self.buffers.texts if path.is_relative_to(folder))
        return [path for path in inside if self._around(path) == folder]

    def _around(self, path: Path) -> Path | None:
        return truss_above(path, Overlay(self.buffers.contents()))

    def forget(self) -> None:
        """Let the next question about any truss check it anew."""
        self._checked.clear()

    def check(self, folder: Path) -> CheckedTruss:
        """Return what is known of a truss, which is checked if it is not. Raises TrussError."""
        if folder not in self._checked:
            settings = read_settings([folder])
            rules = Selection(settings.select, settings.ignore, settings.strict).rules()
            overlay = Overlay(self.buffers.contents())
            found = [] if self._oversized(folder) else check_truss(folder, rules, overlay)
            found = [diagnostic for diagnostic in found if not settings.ignores(diagnostic)]
            self._checked[folder] = CheckedTruss(folder, settings, rules, found)
        return self._checked[folder]

    def require_checked(self, folder: Path) -> None:
        """Raise TrussError if a truss is not checked because an open document in it is too large."""
        path = self._oversized(folder)
        if path is not None:
            raise TrussError(f"{path.name} is too large to be checked in an editor; run `truss check`")

    def _oversized(self, folder: Path) -> Path | None:
        return next((path for path in self.buffers.oversized() if path.is_relative_to(folder)), None)

    def source(self, path: Path) -> SourceText:
        """Return the text of a file as the client has it; an empty one if it cannot be read."""
        text = self.buffers.texts.get(path)
        if text is None:
            try:
                data = path.read_bytes() if path.is_file() else b""
            except OSError:
                data = b""
            text = data.decode("utf-8-sig", "replace")
        return SourceText(path, text)

    def at(self, path: Path) -> Iterator[Diagnostic]:
        """Yield what is found in a file."""
        folder = self.truss_of(path)
        for diagnostic in self.check(folder).found if folder else ():
            if os.path.normpath(diagnostic.finding.path) == str(path):
                yield diagnostic
