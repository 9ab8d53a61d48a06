"""The server: one loop that answers requests in order, and checks once the client is quiet for a moment."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from truss_cli import __version__
from truss_cli.display import visible
from truss_cli.errors import ExitCode, TrussError
from truss_cli.lsp.actions import FIX_ALL, QUICK_FIX, asked_for, fix_all, quick_fixes
from truss_cli.lsp.buffers import path_of
from truss_cli.lsp.connection import ClientGone, Connection, ErrorCode, JsonObject
from truss_cli.lsp.diagnostics import explanation, to_client
from truss_cli.lsp.positions import PositionCodec, choose_encoding
from truss_cli.lsp.workspace import Workspace

_QUIET_SECONDS = 0.1
"""A check waits until so long after the last change."""
_LONGEST_WAIT = 0.5
"""A check that is due is no longer put off by messages that keep coming."""
_INCREMENTAL = 2
_WATCHED = "**/*.{py,yaml,toml,txt}"
"""What a check reads: source, config.yaml, settings and requirements."""

_Handler = Callable[[Any], object]  # Any: JSON, whose form each handler expects


class LanguageServer:
    """One session with one client."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._checking = threading.Lock()
        self._workspace = Workspace()
        self._codec = PositionCodec()
        self._initialized = self._shut_down = self._can_watch = False
        self._due: dict[Path, float] = {}
        self._published: dict[Path, set[Path]] = {}
        self._complaints: dict[Path, str] = {}
        self._requests: Mapping[str, _Handler] = {
            "initialize": self._initialize,
            "shutdown": self._shutdown,
            "textDocument/codeAction": self._code_actions,
            "textDocument/hover": self._hover,
        }
        self._notifications: Mapping[str, _Handler] = {
            "$/cancelRequest": lambda parameters: self._connection.forget(parameters["id"]),
            "initialized": lambda _: self._watch(),
            "textDocument/didOpen": self._opened,
            "textDocument/didChange": self._changed,
            "textDocument/didSave": self._saved,
            "textDocument/didClose": self._closed,
            "workspace/didChangeWatchedFiles": lambda _: self._check_all_soon(),
        }

        self._connection = Connection(incoming, outgoing, self._end_during_check)

    def run(self) -> ExitCode:
        """Serve until the client says `exit` or goes; the code is OK only after `shutdown`."""
        try:
            while True:
                message = self._connection.receive(self._patience())
                if message is not None and message.get("method") == "exit":
                    break
                if message is None:
                    self._check_due()
                else:
                    self._handle(message)
        except ClientGone:
            pass
        return self._exit_code()

    def _exit_code(self) -> ExitCode:
        return ExitCode.OK if self._shut_down else ExitCode.FAULT

    def _end_during_check(self, message: JsonObject | None) -> bool:
        """Handle the end of a session, and return true, while the main thread runs a check.

        Called in the thread that reads. A check cannot be interrupted, so the process ends during it.
        Requests that came before are answered first.
        """
        if not self._checking.locked() or self._connection.has_messages():
            return False
        if message and message.get("method") == "shutdown":
            self._handle(message)
            return True
        if self._shut_down and (message is None or message.get("method") == "exit"):
            os._exit(self._exit_code())
        return False

    def _patience(self) -> float | None:
        """Return the seconds to wait for a message before a check is due; None if none is."""
        if not self._due:
            return None
        now = time.monotonic()
        first = min(self._due.values())
        if now > first + _LONGEST_WAIT:
            self._check_due()
            return self._patience()
        return max(first - now, 0)

    def _handle(self, message: JsonObject) -> None:
        method, request = message.get("method"), message.get("id")
        if not isinstance(method, str):
            if "result" not in message and "error" not in message:  # of which we expect none
                self._connection.refuse(None, ErrorCode.INVALID_REQUEST, "a message without a method")
        elif not isinstance(request, int | str):
            self._notice(method, message.get("params"))
        elif self._connection.is_cancelled(request):
            self._connection.refuse(request, ErrorCode.REQUEST_CANCELLED, "cancelled")
        elif not self._initialized and method != "initialize":
            self._connection.refuse(request, ErrorCode.SERVER_NOT_INITIALIZED, "not initialized")
        elif self._shut_down or (self._initialized and method == "initialize"):
            self._connection.refuse(request, ErrorCode.INVALID_REQUEST, f"too late for `{method}`")
        elif method not in self._requests:
            self._connection.refuse(request, ErrorCode.METHOD_NOT_FOUND, f"no method `{method}`")
        else:
            self._answer(request, method, message.get("params"))

    def _answer(self, request: int | str, method: str, parameters: object) -> None:
        try:
            result = self._requests[method](parameters)
        except ClientGone:
            raise
        except TrussError as error:
            self._connection.refuse(request, ErrorCode.INTERNAL_ERROR, error.message)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self._connection.refuse(request, ErrorCode.INVALID_PARAMS, f"{type(error).__name__}: {error}")
        except Exception as error:  # noqa: BLE001 - one request must not end the session
            self._connection.refuse(request, ErrorCode.INTERNAL_ERROR, f"{type(error).__name__}: {error}")
        else:
            self._connection.answer(request, result)

    def _notice(self, method: str, parameters: object) -> None:
        if method not in self._notifications or not self._initialized or self._shut_down:
            return
        try:
            self._notifications[method](parameters)
        except ClientGone:
            raise
        except Exception as error:  # noqa: BLE001 - a notification has no answer
            self._log(f"{method}: {type(error).__name__}: {error}")

    def _log(self, text: str) -> None:
        print(f"truss lsp: {visible(text)}", file=sys.stderr, flush=True)  # noqa: T201 - where clients look for a server's log

    def _initialize(self, parameters: JsonObject) -> JsonObject:
        capabilities = parameters.get("capabilities") or {}
        offered = (capabilities.get("general") or {}).get("positionEncodings") or ()
        self._codec = PositionCodec(choose_encoding(offered))
        watcher = (capabilities.get("workspace") or {}).get("didChangeWatchedFiles") or {}
        self._can_watch = watcher.get("dynamicRegistration") is True
        self._initialized = True
        return {
            "capabilities": {
                "positionEncoding": self._codec.encoding,
                "textDocumentSync": {"openClose": True, "change": _INCREMENTAL, "save": True},
                "hoverProvider": True,
                "codeActionProvider": {"codeActionKinds": [QUICK_FIX, FIX_ALL]},
            },
            "serverInfo": {"name": "truss", "version": __version__},
        }

    def _watch(self) -> None:
        """Ask the client to report changes of files that it does not have open."""
        if self._can_watch:
            registration = {
                "id": "watch",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": {"watchers": [{"globPattern": _WATCHED}]},
            }
            self._connection.ask("watch", "client/registerCapability", {"registrations": [registration]})

    def _shutdown(self, _: object) -> None:
        self._shut_down = True
        self._due.clear()

    def _opened(self, parameters: JsonObject) -> None:
        document = parameters["textDocument"]
        path = path_of(document["uri"])
        if path:
            self._workspace.buffers.open(path, document["uri"], str(document["text"]))
            self._check_soon(path, 0)

    def _changed(self, parameters: JsonObject) -> None:
        path = path_of(parameters["textDocument"]["uri"])
        if path and path in self._workspace.buffers.texts:
            self._workspace.buffers.change(path, parameters["contentChanges"], self._codec)
            self._check_soon(path, _QUIET_SECONDS)

    def _saved(self, parameters: JsonObject) -> None:
        path = path_of(parameters["textDocument"]["uri"])
        if path:
            self._check_soon(path, 0)

    def _closed(self, parameters: JsonObject) -> None:
        path = path_of(parameters["textDocument"]["uri"])
        if path:
            self._workspace.buffers.close(path)
            self._check_soon(path, 0)

    def _check_soon(self, path: Path, seconds: float) -> None:
        self._workspace.forget()
        self._due[path] = time.monotonic() + seconds

    def _check_all_soon(self) -> None:
        for path in self._workspace.buffers.texts:
            self._check_soon(path, _QUIET_SECONDS)

    def _check_due(self) -> None:
        with self._checking:
            self._run_due_checks()

    def _run_due_checks(self) -> None:
        now = time.monotonic()
        due = [path for path, moment in self._due.items() if moment <= now]
        done: set[Path] = set()
        for path in due:
            self._due.pop(path, None)
            try:
                for folder in self._around(path):
                    if folder not in done:
                        done.add(folder)
                        self._publish(folder)
                        self._workspace.require_checked(folder)
                self._complaints.pop(path, None)
            except TrussError as error:
                if self._complaints.get(path) != error.message:  # once, not at each key that is pressed
                    self._connection.notify("window/showMessage", {"type": 1, "message": error.message})
                self._complaints[path] = error.message
            except ClientGone:
                raise
            except Exception as error:  # noqa: BLE001 - one check must not end the session
                self._log(f"check: {type(error).__name__}: {error}")

    def _around(self, path: Path) -> Iterator[Path]:
        """Yield what was a truss around a file, whose findings are still shown, and the truss that is."""
        folder = self._workspace.truss_of(path)
        yield from [shown for shown in self._published if shown != folder and path.is_relative_to(shown)]
        if folder:
            yield folder

    def _publish(self, folder: Path) -> None:
        """Send the findings of a truss by file, and an empty list where there are none any more."""
        documents = self._workspace.open_in(folder)
        by_file: dict[Path, list[JsonObject]] = {
            path: [] for path in (*self._published.pop(folder, ()), *documents)
        }
        for diagnostic in self._workspace.check(folder).found if documents else ():
            entry = to_client(diagnostic, self._workspace, self._codec)
            by_file.setdefault(diagnostic.finding.path, []).append(entry)
        for path, entries in by_file.items():
            uri = self._workspace.buffers.uri(path)
            self._connection.notify("textDocument/publishDiagnostics", {"uri": uri, "diagnostics": entries})
        shown = {path for path, entries in by_file.items() if entries}
        if shown:
            self._published[folder] = shown

    def _code_actions(self, parameters: JsonObject) -> list[JsonObject]:
        path = path_of(parameters["textDocument"]["uri"])
        folder = self._workspace.truss_of(path) if path else None
        if path is None or folder is None:
            return []
        source, only = self._workspace.source(path), (parameters.get("context") or {}).get("only")
        start, end = (self._codec.from_client(source, parameters["range"][name]) for name in ("start", "end"))
        truss = self._workspace.check(folder)
        actions: list[JsonObject] = []
        if asked_for(QUICK_FIX, only):
            here = [
                diagnostic
                for diagnostic in self._workspace.at(path)
                if diagnostic.finding.span.start <= end and start <= diagnostic.finding.span.end
            ]
            actions += quick_fixes(truss, here, self._workspace, self._codec)
        if asked_for(FIX_ALL, only):
            every = fix_all(truss, path, self._workspace, self._codec)
            actions += [every] if every else []
        return actions

    def _hover(self, parameters: JsonObject) -> JsonObject | None:
        path = path_of(parameters["textDocument"]["uri"])
        if path is None:
            return None
        position = self._codec.from_client(self._workspace.source(path), parameters["position"])
        codes = [
            diagnostic.code
            for diagnostic in self._workspace.at(path)
            if diagnostic.finding.span.start <= position <= diagnostic.finding.span.end
        ]
        if not codes:
            return None
        text = "\n\n---\n\n".join(explanation(code) for code in dict.fromkeys(codes))
        return {"contents": {"kind": "markdown", "value": text}}
