"""`truss check` with `--fix` or `--diff`: what is changed in all trusses, then written or shown."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from truss_cli.check.engine import check_truss
from truss_cli.check.fix.diff import unified_diff
from truss_cli.check.fix.rounds import Wanted, fix_truss
from truss_cli.check.fix.write import write_content
from truss_cli.check.rule import Rule
from truss_cli.diagnostic import Diagnostic
from truss_cli.display import visible
from truss_cli.source import ON_DISK, Overlay


class FixSession:
    """Collects the changes to trusses; `fixed` counts the findings that they mend."""

    def __init__(self, rules: Sequence[Rule], wanted: Wanted, *, unsafe: bool) -> None:
        self.fixed = 0
        self._rules = rules
        self._codes = {rule.code for rule in rules}
        self._wanted = wanted
        self._unsafe = unsafe
        self._before: dict[Path, bytes] = {}
        self._after: dict[Path, bytes] = {}

    def fix(self, folder: Path, given: Mapping[Path, bytes]) -> list[Diagnostic]:
        """Fix a truss, and return the diagnostics that are left; `given` are read instead of files."""
        contents = {**self._after, **given}
        done = fix_truss(folder, self._is_wanted, contents, unsafe=self._unsafe)
        for path, data in done.contents.items():
            if path not in self._before and contents.get(path) != data:
                self._before[path] = Overlay(given).read(path)
            if path in self._before:
                self._after[path] = data
        self.fixed += done.fixed
        return check_truss(folder, self._rules, Overlay(done.contents) if done.contents else ON_DISK)

    def _is_wanted(self, diagnostic: Diagnostic) -> bool:
        return diagnostic.code in self._codes and self._wanted(diagnostic)

    @property
    def changed(self) -> bool:
        """Whether any file is changed."""
        return any(self._before[path] != data for path, data in self._after.items())

    def read(self, path: Path, given: Mapping[Path, bytes]) -> bytes:
        """Return the content of a file, changed or as it was."""
        return Overlay({**given, **self._after}).read(path)

    def write(self) -> None:
        """Write the changes. Raises TrussError."""
        for path, data in self._after.items():
            write_content(path, self._before[path], data)

    def write_diff(self, out: TextIO) -> None:
        """Write the changes as a unified diff."""
        for path in sorted(self._after, key=os.fspath):
            lines = unified_diff(path, self._before[path], self._after[path])
            out.writelines(visible(line, lines=True) if out.isatty() else line for line in lines)

    def summarize(self, *, written: bool) -> None:
        """Say on stderr how many findings are, or would be, mended."""
        if self.fixed or not written:
            verb = "Fixed" if written else "Would fix"
            sys.stderr.write(f"{verb} {self.fixed} {'finding' if self.fixed == 1 else 'findings'}.\n")
