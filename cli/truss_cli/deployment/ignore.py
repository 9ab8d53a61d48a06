"""Filters of the files that are uploaded and copied to the image: the default list, and `.truss_ignore`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from truss_cli.deployment.default_patterns import DEFAULT_PATTERNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pathspec import Pattern

USER_FILE = ".truss_ignore"
"""The file in a truss whose lines are filtered in addition to the default list."""


class IgnorePattern(NamedTuple):
    """A line of an ignore list, and the list that it is in."""

    text: str
    from_user: bool = False

    def __str__(self) -> str:
        return f"`{self.text}` in {USER_FILE if self.from_user else 'the default ignore list'}"


class _DefaultList:
    """The default list, compiled to sets and suffixes: pathspec would take 70 ms to import."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._names: dict[str, str] = {}
        self._folder_names: dict[str, str] = {}
        self._folder_paths: dict[str, str] = {}
        self._suffixes: dict[str, str] = {}
        self._folder_suffixes: dict[str, str] = {}
        self._prefixes: dict[str, str] = {}
        for pattern in patterns:
            table, keys = self._table(pattern)
            table.update(dict.fromkeys(keys, pattern))
        self._endings = tuple({**self._suffixes, **self._folder_suffixes})
        self._beginnings = tuple(self._prefixes)

    def _table(self, pattern: str) -> tuple[dict[str, str], list[str]]:
        """Return the table that a pattern belongs to, and its keys there. Raises ValueError."""
        text = pattern.rstrip("/")
        is_folder = text != pattern
        if "/" in text:
            table = self._folder_paths
        elif text.startswith("*"):
            table, text = self._folder_suffixes if is_folder else self._suffixes, text[1:]
        elif text.endswith(".*"):
            table, text = self._prefixes, text[:-1]
        else:
            table = self._folder_names if is_folder else self._names
        head, bracket, tail = text.partition("[")
        keys = [head + character for character in tail[:-1]] if bracket and tail.endswith("]") else [text]
        is_anchored_file = not is_folder and table is self._folder_paths
        if is_anchored_file or any(character in key for key in keys for character in "*?[]!\\"):
            raise ValueError(f"the default list has a pattern of an unsupported form: {pattern}")
        return table, keys

    def match(self, path: str, *, is_folder: bool) -> str | None:
        """Return the pattern that matches a file or folder itself, regardless of the folders above it."""
        name = path.rpartition("/")[2]
        pattern = self._names.get(name)
        if pattern is None and is_folder:
            pattern = self._folder_names.get(name) or self._folder_paths.get(path)
        if pattern is None and name.endswith(self._endings):
            suffixes = {**self._suffixes, **self._folder_suffixes} if is_folder else self._suffixes
            pattern = next((text for suffix, text in suffixes.items() if name.endswith(suffix)), None)
        if pattern is None and name.startswith(self._beginnings):
            pattern = next(text for prefix, text in self._prefixes.items() if name.startswith(prefix))
        return pattern


_DEFAULT = _DefaultList(DEFAULT_PATTERNS)
IGNORED_FOLDER_NAMES = frozenset(text.rstrip("/") for text in DEFAULT_PATTERNS if text.endswith("/"))
"""Patterns of the default list that match folders, without their slash."""


class IgnoreFilter:
    """A filter of paths relative to a folder: the default list, followed by the lines of a user.

    The last pattern that matches decides. A folder that is dropped takes its content with it.
    """

    def __init__(self, lines: Sequence[str] = (), *, defaults: bool = True) -> None:
        self._lines = tuple(lines)
        self._defaults = defaults
        self._compiled: list[tuple[IgnorePattern, Pattern]] | None = None

    def dropped_by(self, path: str, *, is_folder: bool = False) -> IgnorePattern | None:
        """Return the pattern that drops a path or a folder above it; None if it is kept.

        Paths have `/` as separator.
        """
        parts = path.split("/")
        for depth in range(1, len(parts)):
            pattern = self.matched_by("/".join(parts[:depth]), is_folder=True)
            if pattern is not None:
                return pattern
        return self.matched_by(path, is_folder=is_folder)

    def matched_by(self, path: str, *, is_folder: bool) -> IgnorePattern | None:
        """Return the pattern that drops a path whose parent folders are kept; None if it is kept."""
        if not self._lines:
            return self._default(path, is_folder=is_folder)
        # A folder is dropped if either of its two forms matches.
        forms = (path, f"{path}/") if is_folder else (path,)
        decisions = (self._decide(form, path, is_folder=form.endswith("/")) for form in forms)
        return next((pattern for pattern in decisions if pattern is not None), None)

    def _decide(self, form: str, path: str, *, is_folder: bool) -> IgnorePattern | None:
        for source, matcher in reversed(self._patterns):
            if matcher.match_file(form) is not None:
                return source if matcher.include else None
        return self._default(path, is_folder=is_folder)

    def _default(self, path: str, *, is_folder: bool) -> IgnorePattern | None:
        text = _DEFAULT.match(path, is_folder=is_folder) if self._defaults else None
        return None if text is None else IgnorePattern(text)

    @property
    def _patterns(self) -> list[tuple[IgnorePattern, Pattern]]:
        if self._compiled is None:
            self._compiled = list(_compile(self._lines))
        return self._compiled


def _compile(lines: Iterable[str]) -> Iterable[tuple[IgnorePattern, Pattern]]:
    """Yield the patterns in lines; lines that gitignore does not accept match nothing."""
    try:
        from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern as factory  # noqa: N813, PLC0415 - takes 70 ms
    except ImportError:  # pathspec before 1.0
        from pathspec.util import lookup_pattern  # noqa: PLC0415 - as above

        factory = lookup_pattern("gitwildmatch")  # type: ignore[assignment,misc]  # a factory as well
    for line in lines:
        try:
            pattern = factory(line)
        except ValueError:
            continue
        if pattern.include is not None:
            yield IgnorePattern(line, from_user=True), pattern


def read_lines(text: str) -> list[str]:
    """Return the patterns in the text of an ignore file: its lines without comments and blank lines."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
