"""A response of starlette's, its body written as it is sent."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.model.calling.request import scope_of
from truss_cli.runtime.model.errors import FIRST_ERROR_STATUS, ErrorReporter
from truss_cli.runtime.output.writer import OutputClosedError, OutputWriter
from truss_cli.runtime.process.lifetime.signals import is_stop


async def write_response(response: Any, output: OutputWriter, reporter: ErrorReporter) -> None:  # noqa: ANN401 - starlette's
    """Run the response as the server would; raise TrussError after its body if its status is an error."""
    status = 200

    async def receive() -> MutableMapping[str, Any]:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)
        output.write(bytes(message.get("body", b"")))

    try:
        await response(scope_of(b""), receive, send)
    except OutputClosedError:
        raise
    except BaseException as error:
        if is_stop(error):
            raise
        subgroup = getattr(error, "subgroup", None)  # of a group of exceptions, a backported one before 3.11
        if subgroup is not None and subgroup(OutputClosedError):
            raise OutputClosedError from None
        raise reporter.error(error, "the response") from error
    if status >= FIRST_ERROR_STATUS:
        raise TrussError(f"the model answered with HTTP status {status}", exit_code=ExitCode.FAULT)
