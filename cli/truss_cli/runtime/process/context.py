"""What a worker works with."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from truss_cli.runtime.image.view import enter_image
from truss_cli.runtime.model.calling.caller import Caller
from truss_cli.runtime.model.calling.execution import run_in_thread
from truss_cli.runtime.model.loader import LoadedModel, ModelSpec, load_model
from truss_cli.runtime.model.server_environment import enter_server_environment
from truss_cli.runtime.process.channel import WorkerChannel
from truss_cli.runtime.process.lifetime.deadline import Deadline
from truss_cli.runtime.process.stats import Stopwatch


class WorkerContext(NamedTuple):
    """A worker's means to report, and the descriptor that its results go to."""

    channel: WorkerChannel
    deadline: Deadline
    stopwatch: Stopwatch
    stdout: int
    closing: list[Callable[[], None]]
    """What is left to close once the outcome is sent."""

    def begin(self, step: str) -> None:
        """Report what is done from now on."""
        self.stopwatch.begin(step)
        self.channel.phase(step)

    def load(
        self,
        spec: ModelSpec,
        timeout: float,
        on_constructed: Callable[[LoadedModel], None] = lambda _model: None,
    ) -> Caller:
        """Load the model under its deadline, in a thread of its own, and give what calls it."""
        self.deadline.start(timeout)
        enter_server_environment(spec.truss, spec.variables)
        enter_image(spec.truss, spec.variables.keys())
        if spec.reporter.secrets:
            from truss_cli.runtime.model.unhandled import mask_unhandled  # noqa: PLC0415 - few models have any

            mask_unhandled(spec.reporter)
        loaded = run_in_thread(load_model, spec, self.begin, on_constructed)
        self.deadline.start(None)
        return Caller(loaded, spec.reporter)


class Task(Protocol):
    """What a worker is there for."""

    def __call__(self, context: WorkerContext) -> None:
        """Do it; raise TrussError, or OutputClosedError when nobody reads the results."""
