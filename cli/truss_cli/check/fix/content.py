"""The bytes of a file as text that can be edited and written back: encoding, marks and line ends are kept."""

import io
import re
import tokenize
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from truss_cli.diagnostic import Edit
from truss_cli.source import SourceText

_YAML = (".yaml", ".yml")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Content(NamedTuple):
    """A file's text, without a byte order mark, and the encoding that gives its bytes back, mark included."""

    source: SourceText
    encoding: str

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """Return the bytes with edits applied, which must not overlap. Raises UnicodeEncodeError."""
        text = self.source.text
        line_end = _LINE_END.search(text)
        for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
            new = edit.text.replace("\n", line_end[0]) if line_end else edit.text
            start, end = self.source.offset(edit.span.start), self.source.offset(edit.span.end)
            text = text[:start] + new + text[end:]
        return text.encode(self.encoding)


def content_of(path: Path, data: bytes) -> Content | None:
    """Return the content of a file, as a check of it reads it; None if its bytes could not be given back."""
    try:
        encoding = _encoding(path, data)
        text = data.decode(encoding)
        same = text.encode(encoding) == data
    except (SyntaxError, UnicodeError, LookupError):
        return None
    return Content(SourceText(path, text), encoding) if same else None


def _encoding(path: Path, data: bytes) -> str:
    if path.suffix in _YAML:
        return "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
