"""The user's own excludes file: `core.excludesFile` in the user's git configuration, or its default.

The configuration of a repository is never read: its values may name programs, and it is not the user's.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from truss_cli.regular_file import read_regular_file

_MAX_BYTES = 1_000_000
_MAX_INCLUDE_DEPTH = 10
_SECTION = re.compile(r'\s*\[\s*([\w.-]+)\s*("(?:[^"\\]|\\.)*")?\s*\]')
_KEY = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]*)\s*=(.*)")
_VALUE_PART = re.compile(r'"((?:[^"\\]|\\.)*)"|\\(.)|([#;].*)|([^"\\#;]+)')
_ESCAPE = re.compile(r"\\(.)")


def excludes_file() -> str:
    """Return the path of the user's excludes file, which may be relative to the top of a repository."""
    path = _default_excludes_file()
    for config in _config_files():
        for key, value in _settings(config):
            if key == "core.excludesfile":
                path = os.path.expanduser(value)  # noqa: PTH111 - pathlib raises for an unknown user
    return path


def _config_files() -> list[Path]:
    """Return git's configuration files of the user, the last of which takes precedence."""
    override = os.environ.get("GIT_CONFIG_GLOBAL")
    if override is not None:
        return [Path(override)] if override else []
    home = os.path.expanduser("~")  # noqa: PTH111 - pathlib raises without a home folder
    return [_xdg_folder() / "config", Path(home, ".gitconfig")]


def _default_excludes_file() -> str:
    return str(_xdg_folder() / "ignore")


def _xdg_folder() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config"), "git")  # noqa: PTH111


def _settings(config: Path, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the keys, such as `core.excludesfile`, and values of a file, also of those that it includes."""
    try:
        text = read_regular_file(config, limit=_MAX_BYTES).decode("utf-8", "surrogateescape")
    except (OSError, ValueError):
        return
    section = ""
    for line in text.removeprefix("\ufeff").replace("\\\n", "").splitlines():
        header = _SECTION.match(line)
        if header:
            section = f"{header[1]}{header[2] or ''}".lower()
        match = _KEY.match(line, header.end() if header else 0)
        if match is None:
            continue
        key, value = f"{section}.{match[1].lower()}", _value(match[2])
        yield key, value
        if key == "include.path" and depth < _MAX_INCLUDE_DEPTH:
            yield from _settings(config.parent / os.path.expanduser(value), depth + 1)  # noqa: PTH111


def _value(text: str) -> str:
    """Return a value without quotes, escapes and comment."""
    parts: list[str] = []
    for quoted_text, escaped_character, comment, plain in _VALUE_PART.findall(text.strip()):
        if comment:
            parts[-1:] = [part.rstrip() for part in parts[-1:]]
            break
        parts.append(_ESCAPE.sub(r"\1", quoted_text) or escaped_character or plain)
    return "".join(parts)
