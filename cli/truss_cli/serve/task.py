"""What a worker does: it loads the model and serves it until it is asked to stop."""

from __future__ import annotations

import asyncio
import functools
import logging
import socket
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from truss_cli.contract.terms import ENDPOINTS
from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.model.calling.execution import Run, run_in_loop
from truss_cli.runtime.process.lifetime.signals import STOP_SIGNAL
from truss_cli.serve.http.access_control import AccessControl
from truss_cli.serve.http.application import Application
from truss_cli.serve.http.served_model import ServedModel, ServeSettings
from truss_cli.serve.in_flight import InFlightTable
from truss_cli.serve.terminal.log import LogStyle, ServeLog

if TYPE_CHECKING:
    from collections.abc import Callable

    from truss_cli.runtime.model.calling.caller import Caller
    from truss_cli.runtime.model.loader import LoadedModel, ModelSpec
    from truss_cli.runtime.process.context import WorkerContext
    from truss_cli.serve.http.access_policy import AccessPolicy
    from truss_cli.serve.http.answer import Answer
    from truss_cli.serve.server import WorkerServer

READY, FAILED, CLOSED = "ready", "failed", "closed"
"""What a worker reports."""
_THREADS = 40
"""Blocking calls at once, as deployed."""
_NEEDED = ("starlette", "uvicorn")


class ServeTask(NamedTuple):
    """All there is to know of serving; times are in seconds."""

    spec: ModelSpec
    settings: ServeSettings
    style: LogStyle
    policy: AccessPolicy
    listener: int
    """The descriptor of the socket that requests come in by."""
    in_flight: int
    """The descriptor of the table of requests in progress."""
    page: Callable[[LoadedModel | None], Answer]
    load_timeout: float
    shutdown_timeout: float
    is_first: bool
    """Whether nobody serves meanwhile, so that requests are answered while the model loads."""
    keep_failed: bool
    """Whether to go on answering that the model is not ready when loading it has failed."""

    def __call__(self, context: WorkerContext) -> None:
        """Serve; raise TrussError if the model does not load."""
        _require_server()
        logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(name)s: %(message)s")
        serve = functools.partial(self._serve, context)
        run_in_loop(serve, context.closing, _THREADS, _loop_factory())

    async def _serve(self, context: WorkerContext, run: Run) -> None:
        from truss_cli.serve.server import WorkerServer  # noqa: PLC0415 - it is known to be there

        log = ServeLog(context.stdout, self.style, self.spec.reporter.masked)
        in_flight = InFlightTable(self.in_flight)
        served = ServedModel(self.settings, self.spec.reporter, run, log, in_flight)
        application = Application(served, lambda: self.page(served.constructed))
        server = WorkerServer(AccessControl(application, self.policy, log), self.shutdown_timeout, log.note)
        stop = asyncio.Event()

        def begin_stop() -> None:
            server.stop()
            stop.set()
            context.channel.report(CLOSED)

        asyncio.get_running_loop().add_signal_handler(STOP_SIGNAL, begin_stop)
        serving = self._listen(server) if self.is_first else None
        if await self._loaded(served, context, stop):
            serving = serving or self._listen(server)
            await server.up.wait()
            self._report(served, context)
        if serving is not None:
            await serving
        log.close()

    def _listen(self, server: WorkerServer) -> asyncio.Task[None]:
        return asyncio.create_task(server.serve(sockets=[socket.socket(fileno=self.listener)]))

    async def _loaded(self, served: ServedModel, context: WorkerContext, stop: asyncio.Event) -> bool:
        """Load the model, and return whether it is ready."""

        def construct(model: LoadedModel) -> None:
            served.constructed = model

        loading: asyncio.Future[Caller] = asyncio.ensure_future(
            served.run(context.load, self.spec, self.load_timeout, construct)
        )
        stopping = asyncio.ensure_future(stop.wait())
        either: set[asyncio.Future[Any]] = {loading, stopping}  # Any: of two kinds
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not loading.done():
            return False
        stopping.cancel()
        try:
            served.caller = loading.result()
        except TrussError as error:
            if not self.keep_failed:
                raise
            context.deadline.start(None)
            described = {"message": error.message, "hint": error.hint, "detail": error.detail}
            context.channel.report(FAILED, **described)
        return served.caller is not None

    def _report(self, served: ServedModel, context: WorkerContext) -> None:
        assert served.constructed is not None  # noqa: S101 - it is ready
        members = served.constructed.shape.members
        methods = [name for name in ("predict", *ENDPOINTS, "websocket") if name in members]
        context.channel.report(READY, methods=methods, steps=context.stopwatch.finished())


def _require_server() -> None:
    """Raise TrussError if this Python, which may be one of the truss's own, lacks what serves."""
    missing = next((name for name in _NEEDED if find_spec(name) is None), None)
    if missing is not None:
        message = f"the environment of the truss has no {missing}, which `truss serve` needs"
        raise TrussError(message, hint=f"Add `{missing}` to `requirements`.", exit_code=ExitCode.FAULT)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes a loop of uvloop's, as deployed, where there is one."""
    if find_spec("uvloop") is None:
        return None
    import uvloop  # noqa: PLC0415 - for workers alone

    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
