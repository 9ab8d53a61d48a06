"""A client that speaks to the installed `truss lsp` over pipes, as an editor does."""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from waiting import SECONDS

TRUSS = Path(sys.executable).with_name("truss")
MODEL = """\
class Model:
    async def load(self):
        self.ready = True

    def predict(self, a) -> dict:
        return a
"""
Message = dict[str, Any]  # Any: JSON
Start = Callable[..., "Client"]


class Client:
    """One session; whatever is awaited for more than half a minute fails the test."""

    def __init__(
        self,
        folder: Path,
        *,
        command: Sequence[str | Path] = (TRUSS, "lsp"),
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=folder, env=env)
        self._received: queue.Queue[Message | None] = queue.Queue()
        self._passed: list[Message] = []
        self._last_id = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        while header := self.process.stdout.readline():
            length = int(header.removeprefix(b"Content-Length: "))
            assert self.process.stdout.readline() == b"\r\n"
            self._received.put(json.loads(self.process.stdout.read(length)))
        self._received.put(None)

    def write(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)
        self.process.stdin.flush()

    @staticmethod
    def framed(message: Mapping[str, object]) -> bytes:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)

    def notify(self, method: str, parameters: object = None) -> None:
        self.write(self.framed({"method": method, "params": parameters}))

    def ask(self, method: str, parameters: object = None) -> int:
        self._last_id += 1
        self.write(self.framed({"id": self._last_id, "method": method, "params": parameters}))
        return self._last_id

    def wait(self, wanted: Callable[[Message], bool]) -> Message:
        """Return the next message that is wanted; others are kept for later."""
        for message in self._passed:
            if wanted(message):
                self._passed.remove(message)
                return message
        while True:
            received = self._received.get(timeout=SECONDS)
            assert received is not None, "the server has gone"
            if wanted(received):
                return received
            self._passed.append(received)

    def answer(self, request: int | None) -> Message:
        return self.wait(lambda message: "method" not in message and message.get("id") == request)

    def request(self, method: str, parameters: object = None) -> Any:  # noqa: ANN401 - JSON
        answer = self.answer(self.ask(method, parameters))
        assert "error" not in answer, answer
        return answer["result"]

    def initialize(self, *encodings: str, watches: bool = False) -> Message:
        capabilities = {
            "general": {"positionEncodings": list(encodings)} if encodings else {},
            "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": watches}},
        }
        result: Message = self.request(
            "initialize", {"processId": os.getpid(), "rootUri": None, "capabilities": capabilities}
        )
        self.notify("initialized", {})
        return result

    def uri(self, name: str) -> str:
        return Path(os.path.normpath(self.folder / name)).as_uri()

    def open(self, name: str, text: str | None = None) -> None:
        text = (self.folder / name).read_bytes().decode() if text is None else text
        document = {"uri": self.uri(name), "languageId": "any", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, name: str, *changes: Mapping[str, object]) -> None:
        document = {"uri": self.uri(name), "version": 2}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)})

    def diagnostics(self, name: str) -> list[Message]:
        """Return the next diagnostics of a file."""
        return self._diagnostics_of(self.uri(name))

    def _diagnostics_of(self, uri: str) -> list[Message]:
        method = "textDocument/publishDiagnostics"
        found = self.wait(lambda m: m.get("method") == method and m["params"]["uri"] == uri)
        diagnostics: list[Message] = found["params"]["diagnostics"]
        return diagnostics

    def codes(self, name: str) -> list[str]:
        return self.codes_of(self.uri(name))

    def codes_of(self, uri: str) -> list[str]:
        return [diagnostic["code"] for diagnostic in self._diagnostics_of(uri)]

    def has_passed(self, method: str) -> bool:
        """Whether a message of a method has come and not been asked for."""
        return any(message.get("method") == method for message in self._passed)

    def has_diagnostics(self, name: str) -> bool:
        """Whether diagnostics of a file, or that it has none, have come and not been asked for."""
        return any(message.get("params", {}).get("uri") == self.uri(name) for message in self._passed)

    def at(self, name: str, line: int, character: int, **others: object) -> Message:
        """Return the parameters of a request about a place."""
        place = {"line": line, "character": character}
        document = {"uri": self.uri(name)}
        return {
            "textDocument": document,
            "position": place,
            "range": {"start": place, "end": place},
            **others,
        }

    def close(self) -> int:
        """End the session as the protocol asks, and return the exit code."""
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(SECONDS)

    def kill(self) -> None:
        """End the process, if it still runs, and what reads from it."""
        self.process.kill()
        self.process.wait()
        self._reader.join()  # before its stream is closed
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
