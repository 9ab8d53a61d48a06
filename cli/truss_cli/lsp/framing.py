"""Messages on a stream of bytes: a header with the length, an empty line, and a body of JSON."""

import re
from typing import BinaryIO

MOST_BYTES = 64 * 1024 * 1024
"""A longer message is read past, and refused."""
_CHUNK = 1024 * 1024
_LONGEST_LINE = 4096
_LENGTH = re.compile(rb"Content-Length:[ \t]*(\d{1,20})[ \t]*\r?\n?$", re.IGNORECASE)


class FramingError(Exception):
    """Bytes that are no message; what follows them can be read."""


def read_body(stream: BinaryIO) -> bytes | None:
    """Return the body of the next message; None at the end of the stream. Raises FramingError."""
    length: int | None = None
    while True:
        line = stream.readline(_LONGEST_LINE)
        if not line:
            return None
        # What is left of a malformed message may stand before the next header on its line.
        found = _LENGTH.search(line)
        if found:
            length = int(found[1])
        elif not line.strip():
            if length is None:
                raise FramingError("a message without Content-Length")
            return _read(stream, length)


def _read(stream: BinaryIO, length: int) -> bytes | None:
    if length <= MOST_BYTES:
        body = stream.read(length)
        return body if len(body) == length else None
    while length > 0:
        chunk = stream.read(min(length, _CHUNK))
        if not chunk:
            return None
        length -= len(chunk)
    raise FramingError(f"a message of more than {MOST_BYTES // 1024**2} MiB")


def frame(body: bytes) -> bytes:
    """Return a message with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
