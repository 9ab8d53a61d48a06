"""Many inputs by hand: a prompt that keeps the model loaded."""

from __future__ import annotations

import contextlib
import functools
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.display import visible
from truss_cli.errors import TrussError
from truss_cli.predict.single import open_output, response_writer
from truss_cli.predict.written_input import line_as_json
from truss_cli.runtime.model.calling.execution import EventLoop, Run
from truss_cli.runtime.model.calling.input import parse_payload

if TYPE_CHECKING:
    from truss_cli.runtime.model.calling.caller import Caller
    from truss_cli.runtime.model.loader import ModelSpec
    from truss_cli.runtime.output.result import ResponseWriter
    from truss_cli.runtime.process.context import WorkerContext

_PROMPT = "> "
_WELCOME = "The model is loaded. Write JSON, or fields such as name=Ada. Ctrl-D ends the session.\n"


class Session(NamedTuple):
    """All there is to know of a session; times are in seconds."""

    spec: ModelSpec
    max_input: int
    """Bytes of one input."""
    load_timeout: float
    predict_timeout: float | None
    stream_gap: float
    on_terminal: bool
    """Whether results are for people, in colour."""

    def __call__(self, context: WorkerContext) -> None:
        """Answer lines until there are no more; errors are shown, and the session goes on."""
        caller = context.load(self.spec, self.load_timeout)
        context.begin("predict")
        output = open_output(context, on_terminal=self.on_terminal)
        writer = response_writer(context, output, self.spec.reporter, self.stream_gap)
        loop = EventLoop()
        context.closing.append(loop.close)
        sys.stderr.write(_WELCOME)
        while (line := _read_line()) is not None:
            if not line.strip():
                continue
            began = time.monotonic()
            try:
                loop.run(functools.partial(self._answer, context, caller, writer, line))
            except TrussError as error:
                _show(error)
            output.end()
            context.deadline.start(None)
            sys.stderr.write(f"({(time.monotonic() - began) * 1000:.1f} ms)\n")
        context.stopwatch.end(output)

    async def _answer(
        self, context: WorkerContext, caller: Caller, writer: ResponseWriter, line: str, run: Run
    ) -> None:
        payload = parse_payload(line_as_json(line, self.max_input), "the input")
        if payload.error is not None:
            raise payload.error
        context.deadline.start(self.predict_timeout)
        await writer.answer(await caller.call(payload, run, context.channel.phase), run)


def _read_line() -> str | None:
    """Return a line typed at the prompt, which has a history; None at the end of the input."""
    with contextlib.suppress(ImportError):  # not every Python is built with it
        import readline  # noqa: F401, PLC0415 - to import it gives `input` a history and keys to edit with
    try:
        return input(_PROMPT)
    except EOFError:
        sys.stderr.write("\n")
        return None


def _show(error: TrussError) -> None:
    parts = (error.detail, f"error: {error.message}", f"help: {error.hint}" if error.hint else None)
    sys.stderr.write("".join(f"{visible(part, lines=True)}\n" for part in parts if part))
