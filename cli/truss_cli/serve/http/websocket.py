"""The model's websocket: one connection, one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.serve.http.answer import MODEL_ERROR, Receive, Scope, Send, not_ready
from truss_cli.serve.http.routes import WEBSOCKET_PATH

if TYPE_CHECKING:
    from truss_cli.serve.http.served_model import ServedModel

_DONE, _UNSUPPORTED, _FAILED, _REFUSED = 1000, 1003, 1011, 403
_ABSENT = "WebSocket is not implemented on this deployment."


async def serve_websocket(served: ServedModel, scope: Scope, receive: Receive, send: Send) -> int:
    """Serve a connection to its end, and return the code it was closed with, or the status of its refusal."""
    if scope["path"] != WEBSOCKET_PATH:
        await send({"type": "websocket.close", "code": _DONE, "reason": ""})
        return _REFUSED
    if served.caller is None or served.constructed is None:
        return await _refuse(send)
    method = served.constructed.methods.get("websocket")
    if method is None:
        served.log.note("the model has no `websocket`")
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": _UNSUPPORTED, "reason": _ABSENT})
        return _UNSUPPORTED
    from starlette.websockets import WebSocket, WebSocketDisconnect  # noqa: PLC0415 - few models have one

    socket = WebSocket(scope, receive, send)
    entry = served.in_flight.enter(f"`websocket` for WS {scope['path']}")
    try:
        await socket.accept()
        await method(socket)
    except WebSocketDisconnect as left:
        return left.code
    except BaseException as error:  # noqa: BLE001 - the model's code
        served.log.failed(served.reporter.error(error, "`websocket`"))
        return await _close(socket, _FAILED, MODEL_ERROR)
    finally:
        served.in_flight.leave(entry)
    return await _close(socket, _DONE, None)


async def _refuse(send: Send) -> int:
    answer = not_ready()
    start = {"type": "websocket.http.response.start", "status": answer.status, "headers": answer.headers}
    await send(start)
    await send({"type": "websocket.http.response.body", "body": answer.body})
    return answer.status


async def _close(socket: object, code: int, reason: str | None) -> int:
    try:
        await socket.close(code=code, reason=reason)  # type: ignore[attr-defined]  # starlette's
    except RuntimeError:  # the model, or the client, has closed it
        return _DONE
    return code
