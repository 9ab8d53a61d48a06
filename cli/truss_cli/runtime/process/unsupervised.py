"""A task in this very process, for debuggers: breakpoints have the terminal, and no deadline holds."""

from truss_cli.runtime.output.writer import OutputClosedError
from truss_cli.runtime.process.channel import Outcome, WorkerChannel
from truss_cli.runtime.process.context import Task, WorkerContext
from truss_cli.runtime.process.lifetime.deadline import Deadline
from truss_cli.runtime.process.standard_streams import claim_stdout, flush_prints
from truss_cli.runtime.process.stats import Stopwatch


class _ChannelToNobody(WorkerChannel):
    """Takes reports, and passes them to no one."""

    def __init__(self) -> None:
        super().__init__(-1, -1, -1)

    def phase(self, name: str) -> None:
        """Let a phase begin."""


def run_unsupervised(task: Task) -> Outcome:
    """Do the task and return its outcome; raise what it raises, TrussError for the model's faults."""
    context = WorkerContext(_ChannelToNobody(), Deadline(), Stopwatch(), claim_stdout(), closing=[])
    try:
        task(context)
    except OutputClosedError:
        pass
    finally:
        for close in context.closing:
            close()
        flush_prints()
    return Outcome(stats=context.stopwatch.stats)
