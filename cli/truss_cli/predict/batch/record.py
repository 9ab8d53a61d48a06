"""One line of input to one line of output, whatever happens on the way."""

import json
from collections.abc import AsyncGenerator, Callable, Generator
from json.scanner import make_scanner
from typing import NamedTuple

from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.model.caller import Caller, is_response
from truss_cli.runtime.model.errors import ErrorReporter
from truss_cli.runtime.model.execution import Run, call_inline, run_in_loop
from truss_cli.runtime.model.input import Payload, parse_payload
from truss_cli.runtime.output.encoder import encode
from truss_cli.runtime.output.result import encode_result, needs_loop
from truss_cli.runtime.output.streams import StreamWriter
from truss_cli.runtime.output.writer import OutputWriter
from truss_cli.runtime.process.deadline import Deadline

ERROR_LINE_START = b'{"error": {"line": '
_PLAIN = (dict, list, str, int, float)
_scan = make_scanner(json.JSONDecoder())  # type: ignore[arg-type]  # typeshed wants a scanner to make one of


class Record(NamedTuple):
    """A line of output, without its end; `error` if it reports one."""

    number: int
    line: bytes
    error: TrussError | None = None


class Recorder:
    """Answers lines through the caller and the encoder that a single request uses."""

    def __init__(self, caller: Caller, reporter: ErrorReporter) -> None:
        self._caller = caller
        self._reporter = reporter

    @property
    def is_async(self) -> bool:
        """Whether an answer needs a running event loop."""
        return self._caller.is_async()

    async def answer(self, number: int, line: bytes, run: Run) -> Record:
        """Return the record of a line."""
        try:
            result = await self._caller.call(_parsed(number, line), run)
            if isinstance(result, _PLAIN) or not _is_sent_raw(result):
                return Record(number, encode_result(result, self._reporter))
            if run is call_inline and needs_loop(result):
                return Record(number, _in_own_loop(result, self._reporter))
            return Record(number, await _collected(result, run, self._reporter))
        except TrussError as error:
            return Record(number, error_line(number, error), error)


def _parsed(number: int, line: bytes) -> Payload:
    """Parse a line: at once if it is plain, else as any other body is parsed."""
    try:
        text = str(line, "utf-8")
        value, end = _scan(text, 0)
        if end == len(text):
            return Payload(line, value)
    except (ValueError, StopIteration, RecursionError):
        pass
    return parse_payload(line, f"line {number}")


def _is_sent_raw(result: object) -> bool:
    return isinstance(result, Generator | AsyncGenerator) or is_response(result)


def error_line(number: int, error: TrussError, kind: str | None = None) -> bytes:
    """Return the line that stands in the place of an answer."""
    if kind is None and error.__cause__ is not None:
        kind = type(error.__cause__).__name__
    fallback = "InvalidInput" if error.exit_code is ExitCode.USAGE else "InvalidResult"
    return json.dumps(
        {"error": {"line": number, "type": kind or fallback, "message": error.message}}
    ).encode()


class _Collected(OutputWriter):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__(-1)
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        """Keep the bytes."""
        self.data += data


def _in_own_loop(result: object, reporter: ErrorReporter) -> bytes:
    """Collect what turns out to need an event loop where there is none."""
    closing: list[Callable[[], None]] = []
    try:
        return run_in_loop(lambda run: _collected(result, run, reporter), closing)
    finally:
        for close in closing:
            close()


async def _collected(result: object, run: Run, reporter: ErrorReporter) -> bytes:
    """Return what a stream or a response sends as a JSON string."""
    output = _Collected()
    stream_writer = StreamWriter(output, Deadline(), None, reporter, lambda _phase: None)
    if isinstance(result, Generator):
        await run(stream_writer.write, result)
    elif isinstance(result, AsyncGenerator):
        await stream_writer.write_async(result)
    else:
        from truss_cli.runtime.output.responses import write_response  # noqa: PLC0415 - rare

        await write_response(result, output, reporter)
    try:
        return encode(output.data.decode())
    except UnicodeDecodeError:
        message = "the stream is not text in UTF-8, which a line of JSON cannot hold"
        raise TrussError(message, exit_code=ExitCode.FAULT) from None
