"""A line answered: parsed, called and encoded as a single request is, a failure kept as a value."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Generator
from contextvars import copy_context
from json.scanner import make_scanner
from typing import TYPE_CHECKING, NamedTuple, Union

from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.model.calling.caller import Caller, is_response
from truss_cli.runtime.model.calling.execution import Run, call_inline, run_in_loop, run_sync
from truss_cli.runtime.model.calling.input import Payload, parse_payload
from truss_cli.runtime.output.encoder import encode
from truss_cli.runtime.output.result import encode_result, needs_loop
from truss_cli.runtime.output.streams import StreamWriter
from truss_cli.runtime.output.writer import OutputWriter
from truss_cli.runtime.process.lifetime.deadline import Deadline

if TYPE_CHECKING:
    from truss_cli.runtime.model.errors import ErrorReporter

ERROR_LINE_START = b'{"error": {"line": '
FAILURE_MARK = b"\0"
"""Stands before a failure on its way out of the worker; no JSON text holds it."""
_SPACES = bytes.maketrans(b"\r\n\0", b"   ")
_PLAIN = (dict, list, str, int, float)
_scan = make_scanner(json.JSONDecoder())  # type: ignore[arg-type]  # typeshed wants a scanner to make one of


class Failure(NamedTuple):
    """Why a line has no result."""

    number: int
    type: str
    message: str
    hint: str | None = None
    detail: str | None = None
    exit_code: ExitCode = ExitCode.FAULT

    def line(self) -> bytes:
        """Return the line that stands in the place of a result, with its end."""
        fields = {"line": self.number, "type": self.type, "message": self.message}
        return json.dumps({"error": fields}).encode() + b"\n"

    def marked(self) -> bytes:
        """Return it as it leaves the worker: a marked line of JSON."""
        return FAILURE_MARK + json.dumps(self).encode() + b"\n"

    @classmethod
    def parse(cls, marked: bytes) -> Failure:
        """Return what `marked` has written, without the line end."""
        return cls(*json.loads(marked[len(FAILURE_MARK) :]))

    def error(self) -> TrussError:
        """Return it as an error that ends the run."""
        message = f"line {self.number}: {self.message}"
        return TrussError(message, hint=self.hint, detail=self.detail, exit_code=ExitCode(self.exit_code))


Answer = Union[bytes, Failure]
"""A line with its end, or why there is none."""


class Recorder:
    """Answers lines through the caller and the encoder that a single request uses."""

    def __init__(self, caller: Caller, reporter: ErrorReporter) -> None:
        self._caller = caller
        self._reporter = reporter
        self._predict = caller.plain_predict

    @property
    def is_async(self) -> bool:
        """Whether an answer needs a running event loop."""
        return self._caller.is_async()

    def answer_inline(self, number: int, line: bytes) -> Answer:
        """Return the answer to a line, without an event loop."""
        predict = self._predict
        if predict is None:
            return run_sync(self.answer(number, line, call_inline))
        try:
            text = str(line, "utf-8")
            value, end = _scan(text, 0)
        except (ValueError, StopIteration, RecursionError):
            return run_sync(self.answer(number, line, call_inline))
        if end != len(text):
            return run_sync(self.answer(number, line, call_inline))
        try:
            try:
                result = copy_context().run(predict, value)
            except BaseException as error:
                raise self._caller.error(error, "predict") from error
            if isinstance(result, _PLAIN):
                return encode_result(result, self._reporter) + b"\n"
            return run_sync(self._encoded(result, call_inline))
        except TrussError as error:
            return failure(number, error)

    async def answer(self, number: int, line: bytes, run: Run) -> Answer:
        """Return the answer to a line."""
        try:
            result = await self._caller.call(_parsed(number, line), run)
            return await self._encoded(result, run)
        except TrussError as error:
            return failure(number, error)

    async def _encoded(self, result: object, run: Run) -> bytes:
        if isinstance(result, _PLAIN) or not _is_sent_raw(result):
            return one_line(encode_result(result, self._reporter))
        if run is call_inline and needs_loop(result):
            return _in_own_loop(result, self._reporter) + b"\n"
        return await _collected(result, run, self._reporter) + b"\n"


def failure(number: int, error: TrussError) -> Failure:
    """Return an error as the failure of a line."""
    cause = error.__cause__
    fallback = "InvalidInput" if error.exit_code is ExitCode.USAGE else "InvalidResult"
    kind = fallback if cause is None else type(cause).__name__
    return Failure(number, kind, error.message, error.hint, error.detail)


def one_line(text: bytes) -> bytes:
    r"""Return a JSON text as one line, with its end.

    A Pydantic class may write its own JSON over many lines; within strings, line ends are always escaped.
    """
    return text.translate(_SPACES) + b"\n"


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
    return isinstance(result, (Generator, AsyncGenerator)) or is_response(result)


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
