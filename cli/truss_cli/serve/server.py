"""uvicorn, set up as deployed, but for what the worker and its supervisor do themselves.

It runs with what the environment has: `--isolated` may find another release, and no httptools.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import uvicorn

from truss_cli.serve.http.body import MOST_HEAD_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from truss_cli.serve.http.access_control import AccessControl

_WEBSOCKET_BYTES = 100 * 2**20
"""The largest message of a websocket, as deployed."""
_FIRST_REQUEST_SECONDS = 0.25
"""Time for the request of a connection that was accepted before the server stopped."""


class WorkerServer(uvicorn.Server):
    """A server that leaves signals to the worker, and can be waited for to be up."""

    def __init__(
        self, application: AccessControl, shutdown_seconds: float, note: Callable[[str], None]
    ) -> None:
        _route_warnings(note)
        super().__init__(
            uvicorn.Config(
                application,
                http=_http_protocol(),
                h11_max_incomplete_event_size=MOST_HEAD_BYTES,
                ws=_websocket_protocol,  # type: ignore[arg-type]  # whatever makes a protocol
                ws_max_size=_WEBSOCKET_BYTES,
                lifespan="off",
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=max(1, round(shutdown_seconds)),
            )
        )
        self.up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield

    def install_signal_handlers(self) -> None:
        """Leave them alone, in releases before 0.29."""

    async def startup(self, sockets: Any = None) -> None:  # noqa: ANN401 - as uvicorn types it
        """Accept connections."""
        await super().startup(sockets)
        self.up.set()

    def stop(self) -> None:
        """Accept no more connections, and end once what is under way has been answered."""
        for server in getattr(self, "servers", ()):
            server.close()
        if self.server_state.connections:
            asyncio.get_running_loop().call_later(_FIRST_REQUEST_SECONDS, self._end)
        else:
            self._end()

    def _end(self) -> None:
        self.should_exit = True


def _http_protocol() -> Any:  # noqa: ANN401 - as uvicorn takes it
    """Return the protocol of connections: httptools', or else h11's, which bounds heads itself."""
    if find_spec("httptools") is None:
        return "h11"
    from truss_cli.serve.bounded_protocol import BoundedProtocol  # noqa: PLC0415 - see above

    return BoundedProtocol


def _websocket_protocol(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as uvicorn calls it
    """Return a connection's protocol; it takes long to import, and few clients ask for it."""
    from uvicorn.protocols.websockets.auto import AutoWebSocketsProtocol  # noqa: PLC0415

    assert AutoWebSocketsProtocol is not None, "the extra has websockets"  # noqa: S101 - for the type checker
    return AutoWebSocketsProtocol(*arguments, **options)


class _Notes(logging.Handler):
    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        """Note a warning of the server's in one line; unfinished answers have been explained already."""
        message = record.getMessage()
        if "without completing response" not in message and "without sending handshake" not in message:
            self._note(message.splitlines()[0])


def _route_warnings(note: Callable[[str], None]) -> None:
    logger = logging.getLogger("uvicorn.error")
    logger.handlers = [_Notes(note)]
    logger.propagate = False
