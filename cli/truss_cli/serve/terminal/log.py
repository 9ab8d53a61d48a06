"""What a worker says while it serves: a line a request, what the model raises, and notes."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from truss_cli.display import error_text, visible
from truss_cli.errors import TrussError
from truss_cli.runtime.process.standard_streams import write_all

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

_FLUSH_SECONDS = 0.05
_MOST_WAITING = 10_000
"""Lines that wait for a slow reader before some are left out, so that it does not slow the server."""
_LONGEST_PATH = 200
_FIRST_ERROR = 400
_WEBSOCKET_ENDS = (1000, 1001, 1005)
"""Codes by which a websocket ends without an error."""
_GREEN, _RED, _DIM, _END = "\x1b[32m", "\x1b[31m", "\x1b[2m", "\x1b[0m"


class LogStyle(NamedTuple):
    """How lines are written: as JSON or as text, and whether in colour."""

    as_json: bool
    color: bool


class ServeLog:
    """Writes lines to a descriptor in batches, from a thread, and errors at once.

    It is made on the event loop; other threads may log as well.

    As text, errors go to stderr; as JSON everything goes to the descriptor, an object a line.
    """

    def __init__(self, descriptor: int, style: LogStyle, masked: Callable[[str], str]) -> None:
        self._descriptor = descriptor
        self._style = style
        self._masked = masked
        self._waiting: list[dict[str, Any] | tuple[Any, ...]] = []  # Any: what a line is made of
        self._left_out = 0
        self._flushing = False
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()

    def request(self, method: str, scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
        """Log a request that has been answered; only its path is written, which holds no input."""
        request_id = next(
            (value for name, value in scope["headers"] if name == b"x-baseten-request-id"), None
        )
        self._put((time.time(), method, scope["path"], status, seconds, request_id))

    def failed(self, error: TrussError) -> None:
        """Log what the model did wrong."""
        if self._closed:
            return
        if self._style.as_json:
            self._put(json_event("error", message=error.message, help=error.hint, detail=error.detail))
        else:
            _to_stderr(error_text(error.message, error.hint, error.detail, sys.stderr))

    def note(self, message: str, hint: str | None = None) -> None:
        """Log what is worth knowing, though the server does the same."""
        if self._style.as_json:
            self._put(json_event("note", message=message, help=hint))
        else:
            _to_stderr(f"note: {visible(message)}\n" + (f"help: {visible(hint)}\n" if hint else ""))

    def fault(self, error: Exception) -> None:
        """Log a fault of the tool's own."""
        import traceback  # noqa: PLC0415 - for failures alone

        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119 - a name in a message
        self.failed(TrussError(f"a fault of truss itself: {type(error).__name__} at {place}: {error}"))

    def close(self) -> None:
        """Write what waits, and log no errors any more: what is cancelled now is not the model's fault."""
        self._closed = True
        self._write(self._take())

    def _put(self, line: dict[str, Any] | tuple[Any, ...]) -> None:  # Any: as above
        if len(self._waiting) >= _MOST_WAITING:
            self._left_out += 1
            return
        self._waiting.append(line)
        if self._flushing:
            return
        self._flushing = True
        if threading.get_ident() == self._thread:
            self._flush_soon()
        else:
            self._loop.call_soon_threadsafe(self._flush_soon)

    def _flush_soon(self) -> None:
        self._loop.call_later(_FLUSH_SECONDS, self._flush)

    def _flush(self) -> None:
        writing = self._loop.run_in_executor(None, self._write, self._take())
        writing.add_done_callback(self._flushed)

    def _flushed(self, _done: asyncio.Future[None]) -> None:
        self._flushing = bool(self._waiting)
        if self._flushing:
            self._flush_soon()

    def _take(self) -> list[dict[str, Any] | tuple[Any, ...]]:
        lines, self._waiting = self._waiting, []
        if self._left_out:
            lines.append(json_event("note", message=f"{self._left_out} lines of the log are left out"))
            self._left_out = 0
        return lines

    def _write(self, lines: list[dict[str, Any] | tuple[Any, ...]]) -> None:
        text = "".join(self._line(line) for line in lines)
        try:
            write_all(self._descriptor, text.encode("utf-8", "backslashreplace"))
        except OSError:  # nobody reads the log, but the server serves on
            return

    def _line(self, line: dict[str, Any] | tuple[Any, ...]) -> str:  # Any: as above
        if isinstance(line, dict):
            if self._style.as_json:
                return json.dumps(line) + "\n"
            return f"note: {line['message']}\n"
        when, method, path, status, seconds, request_id = line
        path = self._masked(path)[:_LONGEST_PATH]
        if self._style.as_json:
            values = {"method": method, "path": path, "status": status, "seconds": round(seconds, 6)}
            if request_id is not None:
                values["request_id"] = request_id.decode("latin-1")
            return json.dumps({"event": "request", "time": _iso(when), **values}) + "\n"
        clock = time.strftime("%H:%M:%S", time.localtime(when))
        if not self._style.color:
            return f"{clock} {method} {visible(path)} {status} {_duration(seconds)}\n"
        color = _GREEN if status < _FIRST_ERROR or status in _WEBSOCKET_ENDS else _RED
        shown = f"{method} {visible(path)} {color}{status}{_END}"
        return f"{_DIM}{clock}{_END} {shown} {_DIM}{_duration(seconds)}{_END}\n"


def json_event(event: str, **values: object) -> dict[str, Any]:  # Any: JSON
    """Return a line of the log for machines; values that are None are left out."""
    return {"event": event, "time": _iso(time.time()), **{k: v for k, v in values.items() if v is not None}}


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds")


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _to_stderr(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):  # nobody can be told
        return
