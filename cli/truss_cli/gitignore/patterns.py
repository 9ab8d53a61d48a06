"""The patterns of one ignore file, such as `.gitignore`."""

from __future__ import annotations

import math
import re
import warnings
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_COMBINATIONS = 2_000_000
"""Bound on the ways to match a path, so that the patterns of a hostile repository cannot stall a search."""
_TRAILING_SPACES = re.compile(r"(?<!\\) +$")


class _IgnoreRule(NamedTuple):
    """One line of an ignore file."""

    regex: re.Pattern[str]
    wildcards: int
    is_negated: bool
    folders_only: bool

    def matches(self, path: str) -> bool:
        if math.comb(len(path), self.wildcards) > _MAX_COMBINATIONS:
            return False
        match = self.regex.search(path)
        # With this group, pathspec marks a match of a folder above the path.
        return match is not None and not match.groupdict().get("ps_d")


class IgnorePatterns:
    """The patterns of an ignore file; they are compiled when a path is first compared with them."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __bool__(self) -> bool:
        return bool(self._text.strip())

    def is_ignored(self, path: str, *, is_folder: bool) -> bool | None:
        """Return whether the last pattern that matches ignores a path; None if no pattern matches.

        `path` is relative to the folder that the patterns apply to, with slashes.
        Patterns that match a folder above the path are not considered.
        """
        for rule in self._rules:
            if (is_folder or not rule.folders_only) and rule.matches(path):
                return not rule.is_negated
        return None

    @cached_property
    def _rules(self) -> list[_IgnoreRule]:
        """The rules, last line first."""
        return list(_compile(self._text))[::-1]


def _compile(text: str) -> Iterator[_IgnoreRule]:
    for line in text.removeprefix("\ufeff").split("\n"):
        pattern = _TRAILING_SPACES.sub("", line.removesuffix("\r"))
        if pattern.startswith("#"):
            continue
        is_negated = pattern.startswith("!")
        pattern = pattern.removeprefix("!")
        folders_only = pattern.endswith("/")
        pattern = pattern.removesuffix("/")
        regex = _regex(pattern)
        if regex is not None:
            yield _IgnoreRule(regex, _count_wildcards(pattern), is_negated, folders_only)


def _regex(pattern: str) -> re.Pattern[str] | None:
    """Return the regular expression of a pattern; None for one that git discards."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - only for a search in a repository with ignore files

    literal_pattern = f"\\{pattern}" if pattern.startswith(("#", "!")) else pattern
    try:
        with warnings.catch_warnings(action="ignore"):  # such as that of `re` about `[[a]`
            pathspec_pattern = next(iter(GitIgnoreSpec.from_lines([literal_pattern]).patterns), None)
    except (ValueError, re.error):
        return None
    regex = getattr(pathspec_pattern, "regex", None)
    return regex if isinstance(regex, re.Pattern) else None


def _count_wildcards(pattern: str) -> int:
    """Return the number of parts of a pattern that match text of any length."""
    anywhere = "/" not in pattern
    return anywhere + sum(1 if segment == "**" else segment.count("*") for segment in pattern.split("/"))
