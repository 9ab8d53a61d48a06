"""What the supervisor says on the terminal: the address, the routes, and what becomes of the model."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from truss_cli.contract.terms import ENDPOINT_ROUTES, PREDICT_ROUTE
from truss_cli.display import error_text, visible
from truss_cli.errors import TrussError
from truss_cli.runtime.output.spinner import Spinner
from truss_cli.serve.examples import curl_line
from truss_cli.serve.http.routes import WEBSOCKET_PATH
from truss_cli.serve.listener import Listener
from truss_cli.serve.terminal.log import LogStyle, json_event

_BOLD, _DIM, _END = "\x1b[1m", "\x1b[2m", "\x1b[0m"


class Console:
    """Says it as text for people, or as JSON for machines, an object a line."""

    def __init__(self, style: LogStyle, listener: Listener) -> None:
        self._style = style
        self._url = listener.url
        self._spinner = Spinner() if style.color else None
        self._is_json = style.as_json
        self._announced = False
        self.example: object = None

    def listening(self, *, is_local: bool) -> None:
        """Say where, and warn if others can reach it."""
        if self._is_json:
            self._event("listening", url=self._url, local=is_local)
            return
        if not is_local:
            self._write("warning: this is not a loopback address: others on the network can call the model\n")
        self._write(f"Listening on {self._bold(self._url)} (stop with Ctrl-C)\n")

    def phase(self, name: str | None) -> None:
        """Show which step of loading goes on, on a terminal."""
        if self._spinner:
            self._spinner(name)

    def ready(self, values: Mapping[str, Any]) -> None:
        """Say that the model is ready, in what time, and how to call it."""
        self.phase(None)
        methods, steps = values["methods"], values["steps"]
        seconds = sum(steps.values())
        routes = {_route(method): curl_line(self._url, method, self.example) for method in methods}
        if self._is_json:
            names = [f"{verb} {path}" for verb, path in routes]
            self._event("ready", url=self._url, seconds=round(seconds, 6), steps=steps, routes=names)
            return
        parts = ", ".join(f"{name} {_seconds(taken)}" for name, taken in steps.items())
        self._write(f"The model is ready after {_seconds(seconds)} ({parts})\n")
        if not self._announced:
            lines = [
                f"  {self._bold(verb)} {path}\n    {self._dim(visible(line))}\n"
                for (verb, path), line in routes.items()
            ]
            self._write("\n" + "".join(lines) + "\n")
        self._announced = True

    def changed(self, names: Sequence[str]) -> None:
        """Say that a new version is being loaded."""
        if self._is_json:
            self._event("reload", files=list(names))
            return
        others = f" and {len(names) - 1} more" if len(names) > 1 else ""
        self._write(f"Reloading: {visible(names[0])}{others} changed\n")

    def error(self, error: TrussError) -> None:
        """Say what has failed, while others serve on."""
        self.phase(None)
        if self._is_json:
            self._event("error", message=error.message, help=error.hint, detail=error.detail)
            return
        sys.stderr.write(error_text(error.message, error.hint, error.detail, sys.stderr))
        sys.stderr.flush()

    def say(self, message: str) -> None:
        """Say something else."""
        self.phase(None)
        if self._is_json:
            self._event("note", message=message)
        else:
            self._write(f"{message}\n")

    def _bold(self, text: str) -> str:
        return f"{_BOLD}{text}{_END}" if self._style.color else text

    def _dim(self, text: str) -> str:
        return f"{_DIM}{text}{_END}" if self._style.color else text

    def _event(self, event: str, **values: object) -> None:
        self._write(json.dumps(json_event(event, **values)) + "\n")

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def _route(method: str) -> tuple[str, str]:
    if method == "websocket":
        return ("WS", WEBSOCKET_PATH)
    return ("POST", ENDPOINT_ROUTES.get(method, PREDICT_ROUTE))


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
