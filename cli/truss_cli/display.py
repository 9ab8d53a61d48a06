"""Text of the user's, made safe and measurable for terminals and logs."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from typing import TextIO

_HARMLESS = frozenset("\n\t")
_DIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that reorder the text around them."""
_WORKFLOW_COMMAND = re.compile(r"(?<=##)\[|^[^\S\n]*:(?=:)", re.MULTILINE)
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})


def visible(text: str, *, lines: bool = False) -> str:
    r"""Write control characters, lone surrogates and direction marks as escapes such as `\x1b`.

    With `lines`, line ends and tabs stay as they are. Without, the result is a single line that
    GitHub Actions does not read as a workflow command either.
    """
    if not text.isprintable():
        harmless = _HARMLESS if lines else frozenset()
        text = "".join(character if character in harmless else _visible(character) for character in text)
    return text if lines else without_commands(text)


def without_commands(text: str) -> str:
    r"""Escape workflow commands that GitHub Actions reads in a log, such as `::error::` or `##[error]`.

    The runner skips white space before `::`, and finds `##[` anywhere in a line.
    """
    return _WORKFLOW_COMMAND.sub(lambda sign: f"{sign[0][:-1]}\\x{ord(sign[0][-1]):02x}", text)


def _visible(character: str) -> str:
    if character not in _DIRECTIONAL and unicodedata.category(character) not in _UNSEEN_CATEGORIES:
        return character
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


def width(text: str) -> int:
    """Columns that a text takes on a terminal: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wants_color(stream: TextIO) -> bool:
    """Whether text may be coloured: on a terminal, and with FORCE_COLOR on the standard streams anyway.

    NO_COLOR forbids both.
    """
    forced = os.environ.get("FORCE_COLOR") and stream in (sys.stdout, sys.stderr)
    return bool(forced and not os.environ.get("NO_COLOR")) or is_terminal(stream)


def is_terminal(stream: TextIO) -> bool:
    """Whether a stream may be drawn on: a terminal, unless NO_COLOR, CI or a dumb one says otherwise."""
    if os.environ.get("NO_COLOR") or os.environ.get("CI") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def error_text(message: str, hint: str | None, detail: str | None, stream: TextIO) -> str:
    """Return an error as it is printed on a stream: the detail, what is wrong, and how to fix it."""
    bold, red, end = ("\x1b[1m", "\x1b[1;31m", "\x1b[0m") if wants_color(stream) else ("", "", "")
    text = without_commands(visible(detail, lines=True)).rstrip("\n") + "\n" if detail else ""
    text += f"{red}error{end}: {visible(message)}\n"
    return text + (f"{bold}help{end}: {visible(hint)}\n" if hint else "")


def plural(count: int, one: str, many: str) -> str:
    """Return a count with its noun."""
    return f"{count} {one if count == 1 else many}"


def relative_name(path: str | os.PathLike[str], top: str | None = None) -> str:
    """Name a file relative to a folder, the working one by default, where it lies under it; else in full."""
    absolute, top = os.path.abspath(path), top or os.getcwd()  # noqa: PTH100, PTH109 - pathlib is slower and resolves links
    inside = absolute.startswith(top.rstrip(os.sep) + os.sep)
    return (os.path.relpath(absolute, top) if inside else absolute).replace(os.sep, "/")
