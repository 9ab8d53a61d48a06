"""Syntax that a newer Python may parse where the running one cannot."""

import re

from truss_cli.static.syntax.files import PythonFile, running_version

Version = tuple[int, int]

NEWEST = (3, 14)
"""The newest Python whose additions to the grammar are listed here."""
_IN_NO_VERSION = ("unexpected indent", "unindent does not", "expected an indented")
_BRACKETS = ("never closed", "unmatched", "does not match opening")
_QUOTE = r"""(?P<quote>\"{3}|'{3}|"|')"""
_FORMATTED = re.compile(rf"\b(?:[fF][rR]?|[rR][fF]){_QUOTE}")
_PLAIN = r"""\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
_IN_STRING = re.compile(r"""\\N\{[^}\n]*\}|\\.|\{\{|[{\n'"]""", re.DOTALL)
_IN_FIELD = re.compile(rf"{_FORMATTED.pattern}|{_PLAIN}|#[^\n]*|[()\[\]{{}}'\"]", re.DOTALL)
_NESTED_STRINGS_SINCE = (3, 12)
"""An f-string may contain its own quotes, backslashes and comments since then: `f"{a["b"]}"`."""
_DEFINITION = r"^[ \t]*(?:async[ \t]+def|def|class)[ \t]+\w+[ \t]*\["
_ADDITIONS = (
    ((3, 12), re.compile(r"^[ \t]*type[ \t]+\w", re.MULTILINE)),
    ((3, 12), re.compile(_DEFINITION, re.MULTILINE)),
    ((3, 13), re.compile(rf"(?:{_DEFINITION}|^[ \t]*type[ \t]+\w+[ \t]*\[)[^\]]{{0,1000}}=", re.MULTILINE)),
    ((3, 14), re.compile(r"^[ \t]*except\b[^(:\n]*,", re.MULTILINE)),
    ((3, 14), re.compile(r"""\b(?:[tT][rR]?|[rR][tT])['"]""")),
)
"""The version that added a form, and lines that may be written in it."""


def may_parse(file: PythonFile, version: Version) -> bool:
    """Return whether a Python of a version may parse a file that the running one cannot.

    A newer grammar is the only possible reason, so that other errors, and most syntax errors,
    are the same in each version.
    """
    unparsable = file.unparsable
    if unparsable is None or not unparsable.is_grammar or version <= running_version():
        return unparsable is None
    if any(part in unparsable.message for part in _IN_NO_VERSION):
        return False
    if version > NEWEST or _may_be_nested_string(file, version):
        return True
    patterns = (pattern for since, pattern in _ADDITIONS if running_version() < since <= version)
    return any(pattern.search(file.source.text) for pattern in patterns)


def _may_be_nested_string(file: PythonFile, version: Version) -> bool:
    """Return whether an f-string may be the cause; unbalanced brackets are reported far from it."""
    unparsable, source = file.unparsable, file.source
    if unparsable is None or not running_version() < _NESTED_STRINGS_SINCE <= version:
        return False
    far = any(part in unparsable.message for part in _BRACKETS)
    line = unparsable.span.start.line
    text = source.text if far else "\n".join(map(source.line, range(line, source.line_count + 1)))
    strings = list(_FORMATTED.finditer(text if far else source.line(line)))
    if not strings:
        return unparsable.message.startswith("f-string")
    return all(_end_of_string(text, match.end(), match["quote"]) for match in strings)


def _end_of_string(text: str, position: int, quote: str) -> int | None:
    """Return the end of an f-string, read as Python reads it since 3.12; None if it has none."""
    while match := _IN_STRING.search(text, position):
        position = match.end()
        if match[0] == quote[0]:
            if text.startswith(quote, match.start()):
                return match.start() + len(quote)
        elif match[0] == "\n" and len(quote) == 1:
            return None
        elif match[0] == "{":
            end = _end_of_field(text, position)
            if end is None:
                return None
            position = end
    return None


def _end_of_field(text: str, position: int) -> int | None:
    """Return the end of a replacement field or of a bracket in it; None if it has none."""
    while match := _IN_FIELD.search(text, position):
        end: int | None = match.end()
        if match[0][0] in ")]}":
            return end
        if match["quote"]:
            end = _end_of_string(text, match.end(), match["quote"])
        elif match[0] in ("'", '"'):
            return None
        elif match[0] in "([{":
            end = _end_of_field(text, match.end())
        if end is None:
            return None
        position = end
    return None
