"""One Python file of a truss: decoded and parsed as the interpreter would, or the reason why not."""

import ast
import io
import sys
import tokenize
import warnings
from pathlib import Path
from typing import NamedTuple

from truss_cli.source import ON_DISK, START_OF_FILE, Overlay, Position, SourceText, Span

MOST_BYTES = 8 * 1024 * 1024
"""A larger file is not source that someone wrote."""


class Unparsable(NamedTuple):
    """Why a file could not be parsed, and where; `is_grammar`: by the grammar of the running Python."""

    message: str
    span: Span
    is_grammar: bool = False


class PythonFile(NamedTuple):
    """A file's text and tree; exactly one of `tree` and `unparsable` is set."""

    source: SourceText
    tree: ast.Module | None
    unparsable: Unparsable | None = None

    def span(self, node: ast.AST) -> Span:
        """Span of a node; of a class or function, its name; of a module, the file's start."""
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            return self._name_span(node)
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        start = self.source.at_utf8(line, column)
        end_line, end_column = getattr(node, "end_lineno", None), getattr(node, "end_col_offset", None)
        return Span(
            start, self.source.at_utf8(end_line or line, column if end_column is None else end_column)
        )

    def _name_span(self, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> Span:
        start = self.source.at_utf8(node.lineno, node.col_offset)
        column = self.source.line(node.lineno).find(node.name, start.column - 1)
        if column < 0:
            return Span(start, start)
        return Span(Position(node.lineno, column + 1), Position(node.lineno, column + len(node.name) + 1))


def read_python(path: Path, overlay: Overlay = ON_DISK) -> PythonFile:
    """Read and parse a file. Raises OSError, always with the file's name."""
    try:
        raw = overlay.read(path)
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
    if len(raw) > MOST_BYTES:
        return _failed(
            SourceText(path, ""), f"the file has more than {MOST_BYTES // 1024**2} MB", START_OF_FILE
        )
    try:
        text = _decode(raw)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        return _undecodable(path, raw, error)
    return _parse(SourceText(path, text))


def parse_as(file: PythonFile, version: tuple[int, int]) -> Unparsable | None:
    """Return why an older Python could not parse a file, as far as this one's parser knows."""
    return _parse(file.source, version).unparsable


def _decode(raw: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    return raw.decode(encoding)


def _undecodable(path: Path, raw: bytes, error: Exception) -> PythonFile:
    text = raw.decode("utf-8", "replace")
    source = SourceText(path, text)
    offset = text.find("\ufffd")
    start = source.at_offset(max(offset, 0))
    if isinstance(error, SyntaxError) and "unknown encoding" in str(error):
        return _failed(source, f"the file declares an {error.msg}", source.line_span(1))
    message = "the file is not UTF-8 and declares no other encoding"
    return _failed(source, message, Span(start, Position(start.line, start.column + 1)))


def _parse(source: SourceText, feature_version: tuple[int, int] | None = None) -> PythonFile:
    try:
        with warnings.catch_warnings():
            # An invalid escape in the user's string is theirs to know, from Python itself.
            warnings.simplefilter("ignore")
            tree = ast.parse(source.text, str(source.path), feature_version=feature_version)
            # Compiling, without running, finds what parsing does not: a `return` outside a function, say.
            compile(tree, str(source.path), "exec", dont_inherit=True)
    except SyntaxError as error:
        span = _error_span(source, error)
        return PythonFile(source, None, Unparsable(_describe(error), span, is_grammar=True))
    except (RecursionError, MemoryError):
        return _failed(source, "the code is nested too deeply to be parsed", START_OF_FILE)
    except ValueError as error:
        offset = max(source.text.find("\0"), 0)
        position = source.at_offset(offset)
        return _failed(source, str(error), Span(position, position))
    return PythonFile(source, tree)


def _describe(error: SyntaxError) -> str:
    return error.msg if error.msg.isprintable() else ascii(error.msg)


def _error_span(source: SourceText, error: SyntaxError) -> Span:
    """Return the span of a syntax error, whose columns are 1-based characters."""
    line = min(max(error.lineno or 1, 1), source.line_count)
    start = Position(line, min(max(error.offset or 1, 1), len(source.line(line)) + 1))
    end_line, end_column = error.end_lineno or line, error.end_offset or 0
    if end_line == line and start.column < end_column <= len(source.line(line)) + 1:
        return Span(start, Position(line, end_column))
    return Span(start, start)


def _failed(source: SourceText, message: str, span: Span) -> PythonFile:
    return PythonFile(source, None, Unparsable(message, span))


def running_version() -> tuple[int, int]:
    """Version of the Python whose parser is used."""
    return sys.version_info[:2]
