"""One request and its answer, as both are recorded."""

import base64
import contextlib
import http.client
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

Exchange = dict[str, Any]  # Any: JSON

_LEFT_OUT = {"date", "server", "connection", "content-length"}
_SECONDS = 20.0


def perform(request: Exchange, port: int) -> Exchange:
    """Send a recorded request to a server on this machine, and return the answer in the same form."""
    if "say" in request:
        return {"heard": _converse(request, port)}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
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
            answer["body"] = _text(response.read())
        except (http.client.IncompleteRead, ConnectionResetError) as error:
            answer["body"] = _text(getattr(error, "partial", b""))
            answer["broken"] = True
        return answer


def _converse(request: Exchange, port: int) -> list[Any]:
    heard: list[Any] = []
    try:
        with connect(f"ws://127.0.0.1:{port}{request['path']}", open_timeout=_SECONDS) as socket:
            try:
                for text in request["say"]:
                    socket.send(_bytes(text) if isinstance(text, dict) else text)
                while True:
                    message = socket.recv(timeout=_SECONDS)
                    heard.append(message if isinstance(message, str) else _text(message))
            except ConnectionClosed as end:
                heard.append({"closed": end.rcvd.code if end.rcvd else None, "reason": end.rcvd and end.rcvd.reason})
    except InvalidStatus as refusal:
        heard.append({"refused": refusal.response.status_code})
    return heard


def wait_for(port: int, path: str, seconds: float = 30.0) -> None:
    """Wait until the server answers 200 to a GET of the path, or accepts connections if it is empty."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if perform({"method": "GET", "path": path or "/"}, port)["status"] == 200 or not path:
                return
        if time.monotonic() > end:
            raise TimeoutError(path)
        time.sleep(0.02)


def touched(folder: Path, request: Exchange) -> Iterator[Path]:
    """Make the files that a request comes after, and yield them."""
    for name in request.get("after", ()):
        (folder / name).touch()
        yield folder / name


def _bytes(value: str | Exchange) -> bytes:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value.encode()


def _text(data: bytes) -> str | Exchange:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}
