"""The bytes of config.yaml as text, or why they are not."""

import codecs
import re
from pathlib import Path

from truss_cli.config.finding import ConfigFinding, Problem
from truss_cli.config.text.spans import character_span
from truss_cli.source import SourceText

# What PyYAML's reader refuses, in Python and C alike.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def decode(path: Path, data: bytes) -> tuple[SourceText, ConfigFinding | None]:
    """Return the text without a byte order mark, and a finding when YAML cannot read it."""
    for mark, name in _OTHER_ENCODINGS:
        if data.startswith(mark):
            source = SourceText(path, data.decode(name, "replace"))
            return source, _finding(source, 0, f"the file is {name}, but must be UTF-8")
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        # Every byte that is not UTF-8 becomes one character, so what precedes the fault keeps its offset.
        source = SourceText(path, error.object.decode("utf-8", "replace"))
        offset = len(error.object[: error.start].decode())
        return source, _finding(source, offset, f"byte 0x{error.object[error.start]:02x} is not UTF-8")
    source = SourceText(path, text)
    forbidden = None if text.isascii() and text.isprintable() else _FORBIDDEN.search(text)
    if forbidden is None:
        return source, None
    code = ord(forbidden.group())
    message = f"character U+{code:04X} is not allowed in YAML"
    return source, _finding(
        source, forbidden.start(), message, f'Write it as an escape in double quotes: `"{_escape(code)}"`.'
    )


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - YAML's two widths


def _finding(
    source: SourceText, offset: int, message: str, advice: str = "Save the file as UTF-8."
) -> ConfigFinding:
    return ConfigFinding(Problem.YAML_ENCODING, message, advice, character_span(source, offset))
