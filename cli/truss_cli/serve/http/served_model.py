"""The model as the server sees it while it loads and serves."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from truss_cli.runtime.model.calling.caller import Caller
    from truss_cli.runtime.model.calling.execution import Run
    from truss_cli.runtime.model.errors import ErrorReporter
    from truss_cli.runtime.model.loader import LoadedModel
    from truss_cli.serve.in_flight import InFlightTable
    from truss_cli.serve.terminal.log import ServeLog


class ServeSettings(NamedTuple):
    """How requests are served; times are in seconds."""

    concurrency: int
    """Calls of `predict` at once."""
    stream_gap: float
    """Time between the chunks of a stream."""
    predict_timeout: float | None
    max_body: int
    """Bytes of a request's body."""


class ServedModel:
    """A model in its states: at first nothing is known, then it is constructed, then ready."""

    def __init__(
        self,
        settings: ServeSettings,
        reporter: ErrorReporter,
        run: Run,
        log: ServeLog,
        in_flight: InFlightTable,
    ) -> None:
        self.settings = settings
        self.reporter = reporter
        self.run = run
        """Runs blocking code of the model's in a thread."""
        self.log = log
        self.in_flight = in_flight
        """Shows the supervisor which calls of the model are in progress."""
        self.slots = asyncio.Semaphore(settings.concurrency)
        """Held by each call of `predict`."""
        self.constructed: LoadedModel | None = None
        self.caller: Caller | None = None
        """What calls it, once it is ready."""
        self.running: set[asyncio.Task[object]] = set()
        """What goes on after its answer, such as streams whose clients have gone."""
