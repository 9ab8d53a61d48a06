"""What a call gave, written as the server would send it."""

from collections.abc import AsyncGenerator, Generator

from truss_cli.errors import TrussError
from truss_cli.predict.caller import is_response
from truss_cli.predict.encode import encode
from truss_cli.predict.fault import Blame
from truss_cli.predict.output import Output
from truss_cli.predict.running import Run
from truss_cli.predict.stream import Streamer


class Answerer:
    """Writes results: JSON, the chunks of a stream, or a response's body."""

    def __init__(self, output: Output, streamer: Streamer, blame: Blame) -> None:
        self._output = output
        self._streamer = streamer
        self._blame = blame

    async def answer(self, result: object, run: Run) -> None:
        """Write one result; raise TrussError for what cannot be sent, OutputClosedError if nobody reads."""
        if isinstance(result, Generator):
            await run(self._streamer.write, result)
        elif isinstance(result, AsyncGenerator):
            await self._streamer.write_async(result)
        elif is_response(result):
            from truss_cli.predict.response import write_response  # noqa: PLC0415 - rare

            await write_response(result, self._output, self._blame)
        else:
            self._output.write_json(encode_result(result, self._blame))


def encode_result(result: object, blame: Blame) -> bytes:
    """Give a result as JSON; raise TrussError for what cannot be sent, or what its own code raises."""
    try:
        return encode(result)
    except TrussError as error:
        error.message = blame.masked(error.message)
        raise
    except BaseException as error:
        raise blame.error(error, "encoding the result") from error


def needs_loop(result: object) -> bool:
    """Whether writing the result takes an event loop."""
    return isinstance(result, AsyncGenerator) or is_response(result)
