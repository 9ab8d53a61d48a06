"""Positions as the client counts them: from 0, and in units of the encoding agreed on."""

from collections.abc import Sequence

from truss_cli.lsp.connection import JsonObject
from truss_cli.source import Position, SourceText, Span

_UNITS = {"utf-32": ("utf-32-le", 4), "utf-16": ("utf-16-le", 2), "utf-8": ("utf-8", 1)}
"""By the protocol's names: Python's name, and the bytes of a unit."""
DEFAULT_ENCODING = "utf-16"


def choose_encoding(offered: Sequence[object]) -> str:
    """Return the encoding to use of those that a client offers, in its order; UTF-16 if it offers none."""
    return next((name for name in offered if isinstance(name, str) and name in _UNITS), DEFAULT_ENCODING)


class PositionCodec:
    """Converts positions between ours and the client's."""

    def __init__(self, encoding: str = DEFAULT_ENCODING) -> None:
        self.encoding = encoding
        self._codec, self._size = _UNITS[encoding]

    def to_client(self, source: SourceText, span: Span) -> JsonObject:
        """Return a span as a range of the protocol's."""
        return {"start": self._position(source, span.start), "end": self._position(source, span.end)}

    def from_client(self, source: SourceText, position: JsonObject) -> Position:
        """Return a position of the protocol's, held inside its line. Raises KeyError, TypeError."""
        number, units = int(position["line"]), int(position["character"])
        if number >= source.line_count:
            return source.at_offset(len(source.text))
        text = source.line(number + 1)
        if not text.isascii():
            data = text.encode(self._codec, "surrogatepass")[: max(units, 0) * self._size]
            return Position(number + 1, len(data.decode(self._codec, "ignore")) + 1)
        return Position(number + 1, min(max(units, 0), len(text)) + 1)

    def _position(self, source: SourceText, position: Position) -> JsonObject:
        prefix = source.line(position.line)[: position.column - 1]
        units = len(prefix)
        if not prefix.isascii():
            units = len(prefix.encode(self._codec, "surrogatepass")) // self._size
        return {"line": position.line - 1, "character": units}
