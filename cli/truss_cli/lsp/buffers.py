"""The documents that the client has open, with their unsaved texts."""

import io
import os
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from truss_cli.lsp.connection import JsonObject
from truss_cli.lsp.positions import PositionCodec
from truss_cli.source import SourceText

_MAX_PATH = 4096
"""Length of a path above which Linux opens no file."""
_MAX_CHARACTERS = 2_000_000
_MAX_LINES = 50_000


def path_of(uri: str) -> Path | None:
    """Return the file that a URI names; None for another scheme, such as that of a new document."""
    parts = urlsplit(uri)
    if parts.scheme != "file" or not parts.path:
        return None
    name = unquote(parts.path, errors="surrogateescape")
    return Path(os.path.normpath(name)) if "\0" not in name and len(name) <= _MAX_PATH else None


class Buffers:
    """Open documents by their file, with the URI by which the client knows each, or last did."""

    def __init__(self) -> None:
        self.texts: dict[Path, str] = {}
        self._uris: dict[Path, str] = {}
        self._contents: dict[Path, bytes] | None = None

    def open(self, path: Path, uri: str, text: str) -> None:
        """Take the text of a document that is now open."""
        self.texts[path], self._uris[path], self._contents = text, uri, None

    def close(self, path: Path) -> None:
        """Forget a document: its file counts again."""
        self.texts.pop(path, None)
        self._contents = None

    def change(self, path: Path, changes: list[JsonObject], codec: PositionCodec) -> None:
        """Apply changes in order, of ranges or of the whole text. Raises KeyError, TypeError, ValueError."""
        text = self.texts[path]
        for change in changes:
            if change.get("range") is None:
                text = str(change["text"])
                continue
            source = SourceText(path, text)
            start, end = (
                source.offset(codec.from_client(source, change["range"][name])) for name in ("start", "end")
            )
            text = text[:start] + str(change["text"]) + text[max(start, end) :]
        self.texts[path], self._contents = text, None

    def oversized(self) -> Iterator[Path]:
        """Yield the documents whose check would take too long for an editor."""
        for path, text in self.texts.items():
            if len(text) > _MAX_CHARACTERS or text.count("\n") > _MAX_LINES:
                yield path

    def uri(self, path: Path) -> str:
        """Return the URI of a file, as the client writes it if it has had it open."""
        return self._uris.get(path) or path.as_uri()

    def contents(self) -> Mapping[Path, bytes]:
        """Return the texts as the bytes that saving them would write."""
        if self._contents is None:
            self._contents = {path: _saved(text) for path, text in self.texts.items()}
        return self._contents


def _saved(text: str) -> bytes:
    """Return a text in UTF-8, or in the encoding that it declares as Python source."""
    data = text.encode("utf-8", "surrogatepass")
    try:
        return text.encode(tokenize.detect_encoding(io.BytesIO(data).readline)[0])
    except (SyntaxError, UnicodeError, LookupError):
        return data
