"""What a call gave, written as the server would send it."""

from collections.abc import AsyncGenerator, Callable, Generator

from truss_cli.errors import TrussError
from truss_cli.runtime.model.calling.caller import is_response
from truss_cli.runtime.model.calling.execution import Run
from truss_cli.runtime.model.errors import ErrorReporter
from truss_cli.runtime.output.encoder import encode
from truss_cli.runtime.output.streams import StreamWriter
from truss_cli.runtime.output.writer import OutputWriter


class ResponseWriter:
    """Writes results: JSON, the chunks of a stream, or a response's body."""

    def __init__(
        self,
        output: OutputWriter,
        stream_writer: StreamWriter,
        reporter: ErrorReporter,
        notify: Callable[[str], None],
    ) -> None:
        self._output = output
        self._stream_writer = stream_writer
        self._reporter = reporter
        self._notify = notify

    async def answer(self, result: object, run: Run) -> None:
        """Write one result; raise TrussError for what cannot be sent, OutputClosedError if nobody reads."""
        if isinstance(result, Generator):
            await run(self._stream_writer.write, result)
        elif isinstance(result, AsyncGenerator):
            await self._stream_writer.write_async(result)
        elif is_response(result):
            from truss_cli.runtime.output.responses import write_response  # noqa: PLC0415 - rare

            self._notify("response")
            await write_response(result, self._output, self._reporter)
            self._notify("end")
        else:
            self._notify("encode")
            line = encode_result(result, self._reporter)
            self._notify("end")
            self._output.write_json(line)


def encode_result(result: object, reporter: ErrorReporter) -> bytes:
    """Return a result as JSON; raise TrussError for what cannot be sent, or what its own code raises."""
    try:
        return encode(result)
    except TrussError as error:
        error.message = reporter.masked(error.message)
        raise
    except BaseException as error:
        raise reporter.error(error, "encoding the result") from error


def needs_loop(result: object) -> bool:
    """Whether writing the result takes an event loop."""
    return isinstance(result, AsyncGenerator) or is_response(result)
