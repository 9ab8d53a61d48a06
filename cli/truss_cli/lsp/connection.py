"""The client's messages, read by a thread so that a request can be cancelled while another is answered."""

import json
import queue
import threading
from collections.abc import Callable
from enum import IntEnum
from typing import Any, BinaryIO

from truss_cli.lsp.framing import FramingError, frame, read_body

JsonObject = dict[str, Any]  # Any: JSON


class ErrorCode(IntEnum):
    """Errors of JSON-RPC and of the protocol."""

    PARSE_ERROR = -32700
    INVALID_REQUEST = -32600
    METHOD_NOT_FOUND = -32601
    INVALID_PARAMS = -32602
    INTERNAL_ERROR = -32603
    SERVER_NOT_INITIALIZED = -32002
    REQUEST_CANCELLED = -32800


class ClientGone(Exception):  # noqa: N818 - the end of a session is no error
    """The client has closed its end."""


class Connection:
    """Messages from and to one client."""

    def __init__(
        self, incoming: BinaryIO, outgoing: BinaryIO, on_message: Callable[[JsonObject | None], bool]
    ) -> None:
        """Start to read; `on_message` handles a message, or None at the end, in the thread that reads.

        It returns whether it has done so. All other messages are received in order.
        """
        self._incoming, self._outgoing = incoming, outgoing
        self._on_message = on_message
        self._sending = threading.Lock()
        self._queue: queue.Queue[JsonObject | str | None] = queue.Queue()
        self._cancelled: set[int | str] = set()
        threading.Thread(target=self._read_all, name="reader", daemon=True).start()

    def receive(self, timeout: float | None) -> JsonObject | None:
        """Return the next message; None after `timeout` seconds, or one refused. Raises ClientGone."""
        try:
            message = self._queue.get(timeout=timeout) if timeout != 0 else self._queue.get_nowait()
        except queue.Empty:
            return None
        if message is None:
            raise ClientGone
        if isinstance(message, str):
            code = ErrorCode.INVALID_REQUEST if message.startswith("not an") else ErrorCode.PARSE_ERROR
            self.refuse(None, code, message)
            return None
        return message

    def has_messages(self) -> bool:
        """Return whether messages have been read that are not received yet."""
        return not self._queue.empty()

    def is_cancelled(self, request: int | str) -> bool:
        """Whether the client no longer wants the answer to a request that has not been answered."""
        return request in self._cancelled

    def forget(self, request: object) -> None:
        """Forget that a request was cancelled, as it has been dealt with."""
        if isinstance(request, int | str):
            self._cancelled.discard(request)

    def answer(self, request: int | str, result: object) -> None:
        """Send the result of a request."""
        self._cancelled.discard(request)
        self._send({"id": request, "result": result})

    def refuse(self, request: int | str | None, code: ErrorCode, message: str) -> None:
        """Send the error of a request."""
        if request is not None:
            self._cancelled.discard(request)
        self._send({"id": request, "error": {"code": int(code), "message": message}})

    def notify(self, method: str, parameters: object) -> None:
        """Send a notification."""
        self._send({"method": method, "params": parameters})

    def ask(self, request: str, method: str, parameters: object) -> None:
        """Send a request, to whose answer nobody listens."""
        self._send({"id": request, "method": method, "params": parameters})

    def _send(self, message: JsonObject) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")).encode()
        try:
            with self._sending:
                self._outgoing.write(frame(body))
                self._outgoing.flush()
        except (BrokenPipeError, ValueError):
            raise ClientGone from None

    def _read_all(self) -> None:
        while True:
            try:
                body = read_body(self._incoming)
            except FramingError as error:
                self._queue.put(str(error))
                continue
            except (OSError, ValueError):
                body = None
            message = None if body is None else self._parse(body)
            if isinstance(message, str) or not self._on_message(message):
                self._queue.put(message)
            if body is None:
                return

    def _parse(self, body: bytes) -> JsonObject | str:
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            return f"the body is no JSON: {error}"
        if not isinstance(message, dict):
            return "not an object"
        parameters = message.get("params")
        if message.get("method") == "$/cancelRequest" and isinstance(parameters, dict):
            request = parameters.get("id")
            if isinstance(request, int | str):
                self._cancelled.add(request)
        return message
