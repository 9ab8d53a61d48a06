"""A response of starlette's, its body written as it is sent."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from truss_cli.errors import ExitCode, TrussError
from truss_cli.predict.fault import Blame
from truss_cli.predict.output import Output, OutputClosedError
from truss_cli.predict.request import scope_of
from truss_cli.predict.stopping import is_stop

_FIRST_ERROR_STATUS = 400


async def write_response(response: Any, output: Output, blame: Blame) -> None:  # noqa: ANN401 - starlette's
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
        if isinstance(error, BaseExceptionGroup) and error.subgroup(OutputClosedError):
            raise OutputClosedError from None
        raise blame.error(error, "the response") from error
    if status >= _FIRST_ERROR_STATUS:
        raise TrussError(f"the model answered with HTTP status {status}", exit_code=ExitCode.FAULT)
