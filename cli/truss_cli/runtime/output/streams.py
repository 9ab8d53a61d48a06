"""Streams, written as they come."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.process.lifetime.signals import is_stop, raise_in_thread

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

    from truss_cli.runtime.model.errors import ErrorReporter
    from truss_cli.runtime.output.writer import OutputWriter
    from truss_cli.runtime.process.lifetime.deadline import Deadline

_CLOSE_SECONDS = 2.0
"""Time for a stream that is not read to its end to clean up."""
_STOP_SECONDS = 0.35
"""Time for one that is stopped, before the worker is killed."""


class StreamWriter:
    """Writes chunks to an output, each within `gap` seconds of the one before; `notify` gets the phases."""

    def __init__(
        self,
        output: OutputWriter,
        deadline: Deadline,
        gap: float | None,
        reporter: ErrorReporter,
        notify: Callable[[str], None],
    ) -> None:
        self._output = output
        self._deadline = deadline
        self._gap = gap
        self._reporter = reporter
        self._notify = notify
        self._open: Generator[object, Any, Any] | None = None
        self._thread = 0
        self._closed = threading.Event()

    def stop(self) -> None:
        """Let the sync stream that is being written, if any, clean up in the time that is left for it."""
        if self._open is None:
            return
        try:
            self._open.close()
        except ValueError:  # it is running, in a thread that only an exception can reach
            raise_in_thread(self._thread)
            self._closed.wait(_STOP_SECONDS)
        except BaseException:  # noqa: BLE001 - the model's clean-up
            return

    def write(self, stream: Generator[object, Any, Any]) -> None:
        """Write the chunks of a generator; close it and raise OutputClosedError when the reader has gone."""
        self._begin()
        self._open, self._thread = stream, threading.get_ident()
        index = 0
        try:
            while True:
                self._deadline.start(self._gap)
                try:
                    chunk = next(stream)
                except StopIteration:
                    return
                except BaseException as error:
                    raise self._broken(error, index) from error
                self._deadline.stop()
                self._output.write(chunk_bytes(chunk, index))
                index += 1
        finally:
            self._begin_close()
            _close(stream)
            self._open = None
            self._closed.set()
            self._begin_end()

    async def write_async(self, stream: AsyncGenerator[object, Any]) -> None:
        """Write the chunks of an async generator, as `write` does."""
        self._begin()
        index = 0
        try:
            while True:
                self._deadline.start(self._gap)
                try:
                    chunk = await stream.__anext__()
                except StopAsyncIteration:
                    return
                except BaseException as error:
                    if is_stop(error):
                        raise
                    raise self._broken(error, index) from error
                self._deadline.stop()
                self._output.write(chunk_bytes(chunk, index))
                index += 1
        finally:
            self._begin_close()
            await _aclose(stream)
            self._begin_end()

    def _begin(self) -> None:
        self._deadline.start(self._gap)  # before it is reported, for the supervisor to see it then
        self._notify("stream")

    def _begin_close(self) -> None:
        self._deadline.start(_CLOSE_SECONDS)
        self._notify("close")

    def _begin_end(self) -> None:
        self._deadline.start(self._gap)
        self._notify("end")

    def _broken(self, error: BaseException, index: int) -> TrussError:
        return self._reporter.error(error, f"the stream, after {index} chunk{'s' * (index != 1)},")


def chunk_bytes(chunk: object, index: int) -> bytes:
    """Return the bytes that are sent for a chunk; raise TrussError for what is neither str nor bytes."""
    if isinstance(chunk, bytes):
        return chunk
    if isinstance(chunk, memoryview):
        return chunk.tobytes()
    if isinstance(chunk, str):
        try:
            return chunk.encode()
        except UnicodeEncodeError as error:
            message = f"chunk {index} of the stream holds {chunk[error.start]!a}, an incomplete character"
            raise TrussError(message, exit_code=ExitCode.FAULT) from None
    kind = type(chunk).__name__
    raise TrussError(
        f"chunk {index} of the stream is of type {kind}; chunks must be str or bytes",
        hint=f"Yield `bytes({'value'})`."
        if kind == "bytearray"
        else "Yield `json.dumps(value)` or `str(value)`.",
        exit_code=ExitCode.FAULT,
    )


def _close(stream: Generator[object, Any, Any]) -> None:
    with contextlib.suppress(BaseException):  # the model's clean-up; its stream has ended already
        stream.close()


async def _aclose(stream: AsyncGenerator[object, Any]) -> None:
    try:
        await stream.aclose()
    except BaseException as error:
        if is_stop(error):
            raise
