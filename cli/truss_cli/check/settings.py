"""`[tool.truss-check]` in pyproject.toml: what a project always wants of `truss check`."""

import os
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from truss_cli.check.rule import matches
from truss_cli.diagnostic import Diagnostic
from truss_cli.errors import TrussError
from truss_cli.regular_file import read_regular_file

_TABLE = "truss-check"
_FILE = "pyproject.toml"


class Settings(NamedTuple):
    """The settings of a project; patterns of paths are relative to `folder`, that of pyproject.toml."""

    folder: Path = Path()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    strict: bool = False
    per_path_ignores: Mapping[str, tuple[str, ...]] = {}

    def ignores(self, diagnostic: Diagnostic) -> bool:
        """Whether the rule of a diagnostic is ignored for its file."""
        if not self.per_path_ignores:
            return False
        path = Path(os.path.realpath(diagnostic.finding.path))
        if not path.is_relative_to(self.folder):
            return False
        inside = path.relative_to(self.folder).as_posix()
        return any(
            (fnmatch(inside, pattern) or fnmatch(inside, f"{pattern.rstrip('/')}/*"))
            and any(matches(diagnostic, code) for code in codes)
            for pattern, codes in self.per_path_ignores.items()
        )


def read_settings(paths: Sequence[Path]) -> Settings:
    """Return the settings of the nearest pyproject.toml, above all paths, that has any; raise TrussError."""
    try:
        start = Path(os.path.commonpath([path.resolve() for path in paths]))
    except ValueError:  # paths on different drives
        return Settings()
    for folder in (start, *start.parents):
        file = folder / _FILE
        try:
            text = read_regular_file(file).decode("utf-8") if file.is_file() else ""
        except (OSError, UnicodeDecodeError):
            continue
        if f"tool.{_TABLE}" in text:
            return _parse(file, text)
    return Settings()


def _parse(file: Path, text: str) -> Settings:
    import tomllib  # noqa: PLC0415 - few projects have settings

    try:
        table = tomllib.loads(text).get("tool", {}).get(_TABLE, {})
    except tomllib.TOMLDecodeError as error:
        hint = "Correct the file, or move its settings to options of `truss check`."
        raise TrussError(f"{file} is not TOML: {error}", hint=hint) from None
    known = ("select", "ignore", "exclude", "strict", "per-path-ignores")
    for key in table:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known settings are {', '.join(known)}."
            raise TrussError(f"{file}: `tool.{_TABLE}` has no setting `{key}`", hint=hint)
    strict, ignores = table.get("strict", False), table.get("per-path-ignores", {})
    if not isinstance(strict, bool):
        raise TrussError(f"{file}: `strict` must be true or false", hint="Write `strict = true`.")
    if not isinstance(ignores, dict):
        hint = f'Write `"tests/*" = ["TRS3"]` under `[tool.{_TABLE}.per-path-ignores]`.'
        raise TrussError(f"{file}: `per-path-ignores` must be a table of patterns", hint=hint)
    return Settings(
        file.parent,
        _texts(file, "select", table.get("select", [])),
        _texts(file, "ignore", table.get("ignore", [])),
        _texts(file, "exclude", table.get("exclude", [])),
        strict,
        {pattern: _texts(file, pattern, codes) for pattern, codes in ignores.items()},
    )


def _texts(file: Path, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TrussError(f"{file}: `{key}` must be a list of strings", hint=f'Write `{key} = ["..."]`.')
    return tuple(value)
