"""The protocol of connections by httptools, bounded."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from truss_cli.serve.http.body import MOST_HEAD_BYTES


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 with a bound on the request line and the headers, which uvicorn lets grow."""

    _in_head = True
    _head_bytes = 0

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """End it."""
        self._in_head = False
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Take bytes, and refuse a head that goes on and on."""
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES and not self.transport.is_closing():
                self.send_400_response("The request line and the headers are too long.")
