"""One request and its answer, as both are recorded."""

import base64
import contextlib
import http.client
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from waiting import SECONDS, wait_until

Exchange = dict[str, Any]  # Any: JSON

_LEFT_OUT = {"date", "server", "connection", "content-length"}


def perform(request: Exchange, port: int) -> Exchange:
    """Send a recorded request to a server on this machine, and return the answer in the same form."""
    if "say" in request:
        return {"heard": _converse(request, port)}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    with contextlib.closing(connection):
        body = _bytes(request.get("body", ""))
        connection.putrequest(request["method"], request["path"], skip_accept_encoding=True)
        for name, value in request.get("headers", {}).items():
            connection.putheader(name, value)
        if body or request["method"] == "POST":
            connection.putheader("content-length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        answer: Exchange = {
            "status": response.status,
            "headers": {
                name: value.replace(f":{port}", ":PORT")
                for name, value in sorted(headers.items())
                if name not in _LEFT_OUT
            },
        }
        try:
            answer["body"] = text_or_base64(response.read())
        except (http.client.IncompleteRead, ConnectionResetError) as error:
            answer["body"] = text_or_base64(getattr(error, "partial", b""))
            answer["broken"] = True
        return answer


def _converse(request: Exchange, port: int) -> list[Any]:
    heard: list[Any] = []
    try:
        with connect(f"ws://127.0.0.1:{port}{request['path']}", open_timeout=SECONDS) as socket:
            try:
                for text in request["say"]:
                    socket.send(_bytes(text) if isinstance(text, dict) else text)
                while True:
                    message = socket.recv(timeout=SECONDS)
                    heard.append(message if isinstance(message, str) else text_or_base64(message))
            except ConnectionClosed as end:
                heard.append(
                    {"closed": end.rcvd.code if end.rcvd else None, "reason": end.rcvd and end.rcvd.reason}
                )
    except InvalidStatus as refusal:
        heard.append({"refused": refusal.response.status_code})
    return heard


def wait_until_asked(ready: str, port: int, folder: Path) -> None:
    """Wait until a path answers 200; without one, until the model has made the file `loading`."""
    wait_until(lambda: _is_ready(ready, port, folder))


def _is_ready(ready: str, port: int, folder: Path) -> bool:
    try:
        status = perform({"method": "GET", "path": ready or "/"}, port)["status"]
    except (OSError, http.client.HTTPException):
        return False
    return status == 200 and (bool(ready) or (folder / "loading").exists())


def touch(folder: Path, request: Exchange) -> None:
    """Make the files that a request comes after."""
    for name in request.get("after", ()):
        (folder / name).touch()


def _bytes(value: str | Exchange) -> bytes:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value.encode()


def text_or_base64(data: bytes) -> str | Exchange:
    """Return bytes as JSON can hold them."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}
